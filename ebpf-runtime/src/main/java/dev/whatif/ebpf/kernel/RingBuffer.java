package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.Poll;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.ring.RecordReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads what BPF programs put into a {@code BPF_MAP_TYPE_RINGBUF}: one ring for all CPUs, records
 * in the order in which they were reserved, each read in place (Documentation/bpf/ringbuf.rst).
 * Confined to one thread at a time; there must be no second reader of the map.
 *
 * <p>A small record costs a few nanoseconds and no allocation; the memory is the map's.
 *
 * <p><b>Loss.</b> A full ring refuses: the program's reserve gives NULL, its output {@code
 * -EAGAIN}. Nobody else counts that, so a program that wants it known counts it itself, for example
 * in a global variable ({@link MappedArray}). What is reserved is never lost on the way: {@link
 * #records} and {@link #discarded} together are what was submitted and discarded, unless {@link
 * #damages} says that the memory was written by somebody else.
 *
 * <p><b>A reader that dies</b> loses nothing: the next begins at the last position that was
 * published, at most a sixteenth of the ring back, and sees the records since then again.
 */
public final class RingBuffer implements AutoCloseable {

  private static final long BUSY_PAUSE_NANOS = 20_000;

  private final Arena arena;
  private final KernelMap map;
  private final RecordQueue queue;
  private final MemorySegment poll;

  private RingBuffer(Arena arena, KernelMap map, RecordQueue queue) {
    this.arena = arena;
    this.map = map;
    this.queue = queue;
    this.poll = arena.allocate(Poll.POLLFD);
  }

  /**
   * Maps a ring. The map stays the caller's, and must stay open for {@link #await}.
   *
   * @throws IllegalArgumentException when it is another kind of map
   * @throws dev.whatif.core.failure.WhatifException when it cannot be mapped
   */
  public static RingBuffer open(KernelMap map) {
    if (map.type() != MapType.RINGBUF) {
      throw new IllegalArgumentException(map + " is no ring buffer");
    }
    // shared: whoever opens it is seldom the thread that reads it
    Arena arena = Arena.ofShared();
    try {
      long page = Unistd.getpagesize();
      long size = map.maxEntries();
      MemorySegment consumer =
          Mman.mmap(page, Mman.PROT_READ | Mman.PROT_WRITE, Mman.MAP_SHARED, map.fd(), 0, arena);
      MemorySegment producer =
          Mman.mmap(page + 2 * size, Mman.PROT_READ, Mman.MAP_SHARED, map.fd(), page, arena)
              .asReadOnly();
      RecordQueue queue =
          new RecordQueue(consumer, producer.asSlice(0, page), producer.asSlice(page));
      return new RingBuffer(arena, map, queue);
    } catch (LinuxException e) {
      arena.close();
      throw Refusal.of("map the memory of " + map, e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Reads everything that was there when this was called, up to the first record that is still
   * being written; never waits.
   *
   * @param reader gets each record; what it throws ends the reading, and that record is not shown
   *     again
   * @return records shown
   */
  public long read(RecordReader reader) {
    return queue.read(reader, Long.MAX_VALUE);
  }

  /** The same, but at most so many records. */
  public long read(RecordReader reader, long most) {
    return queue.read(reader, most);
  }

  /**
   * Waits until there is something to read.
   *
   * <p>Programs that submit with {@code BPF_RB_NO_WAKEUP} do not wake: for them, read from time to
   * time.
   *
   * @param millis at most; 0 only looks, negative is for ever
   * @return whether there is something
   */
  public boolean await(int millis) {
    if (queue.isReady()) {
      return true;
    }
    Poll.set(poll, 0, map.fd(), Poll.POLLIN);
    int ready = Poll.poll(poll, 1, millis);
    if (ready > 0 && !queue.isReady()) {
      // poll counts from the reservation on: the record is being written on another CPU just now
      LockSupport.parkNanos(BUSY_PAUSE_NANOS);
    }
    return queue.isReady();
  }

  /** Records shown so far. */
  public long records() {
    return queue.records();
  }

  /** Bytes of them, without headers and padding. */
  public long bytes() {
    return queue.bytes();
  }

  /** Records that their producers have discarded. */
  public long discarded() {
    return queue.discarded();
  }

  /** Bytes not read yet, of records that are still being written too. */
  public long waiting() {
    return queue.waiting();
  }

  /** How often the ring had something in it that the kernel cannot have written. */
  public long damages() {
    return queue.damages();
  }

  /** Bytes given up because of that, as far as it can be known. */
  public long damagedBytes() {
    return queue.damagedBytes();
  }

  /** Unmaps the ring; records kept by a reader cannot be touched any more. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
