package dev.whatif.core.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The memory of this process by address, little-endian, without any check: an address that is not
 * mapped ends the process. For memory that several processes share, and for addresses that a
 * program computes.
 *
 * <p>Plain accesses may be at any address; atomic ones ({@code acquire}, {@code release}, compare
 * and set, get and add) must be aligned to their size.
 */
public final class RawMemory {

  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private RawMemory() {}

  /** Eight bytes. */
  public static long getLong(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  /** Writes eight bytes. */
  public static void putLong(long address, long value) {
    ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }

  /** Four bytes. */
  public static int getInt(long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  /** Writes four bytes. */
  public static void putInt(long address, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  /** Two bytes. */
  public static short getShort(long address) {
    return ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
  }

  /** One byte. */
  public static byte getByte(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  /** Writes one byte. */
  public static void putByte(long address, byte value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, value);
  }

  /** Eight bytes; later accesses are not made before. */
  public static long getLongAcquire(long address) {
    return (long) LONG.getAcquire(ALL, address);
  }

  /** Writes eight bytes; earlier accesses are not made after. */
  public static void putLongRelease(long address, long value) {
    LONG.setRelease(ALL, address, value);
  }

  /** Four bytes; later accesses are not made before. */
  public static int getIntAcquire(long address) {
    return (int) INT.getAcquire(ALL, address);
  }

  /** Writes four bytes; earlier accesses are not made after. */
  public static void putIntRelease(long address, int value) {
    INT.setRelease(ALL, address, value);
  }

  /** Replaces eight bytes when they are what is expected; a full fence. */
  public static boolean compareAndSetLong(long address, long expected, long value) {
    return LONG.compareAndSet(ALL, address, expected, value);
  }

  /** Adds to eight bytes and returns what they were; a full fence. */
  public static long getAndAddLong(long address, long value) {
    return (long) LONG.getAndAdd(ALL, address, value);
  }

  /** Copies bytes from one address to another; the ranges may overlap. */
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /** Copies bytes out of memory. */
  public static void copy(long from, byte[] to) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from, to, 0, to.length);
  }

  /** Copies bytes into memory. */
  public static void copy(byte[] from, long to) {
    MemorySegment.copy(from, 0, ALL, ValueLayout.JAVA_BYTE, to, from.length);
  }

  /** Fills bytes with zero. */
  public static void clear(long address, long bytes) {
    ALL.asSlice(address, bytes).fill((byte) 0);
  }

  /** A view of some bytes. */
  public static MemorySegment segment(long address, long bytes) {
    return ALL.asSlice(address, bytes);
  }
}
