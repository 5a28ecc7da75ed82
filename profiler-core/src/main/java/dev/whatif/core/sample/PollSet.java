package dev.whatif.core.sample;

import dev.whatif.core.linux.Poll;
import dev.whatif.core.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What the drain thread waits for: rings that have reached their watermark, and the end of
 * processes. Confined to the drain thread.
 */
final class PollSet implements AutoCloseable {

  private static final int SKIP = -1;

  private final Arena arena = Arena.ofConfined();
  private final List<Integer> rings;
  private final List<Integer> processes = new ArrayList<>();
  private MemorySegment entries = MemorySegment.NULL;
  private int alive;
  private boolean changed = true;

  PollSet(List<Integer> rings) {
    this.rings = rings;
  }

  /** Takes over a pidfd, which is closed when its process has ended. */
  void addProcess(int pidfd) {
    processes.add(pidfd);
    alive++;
    changed = true;
  }

  /** Processes added that have not ended. */
  int alive() {
    return alive;
  }

  /** Waits for something to happen, or the time to be over. */
  void await(int millis) {
    if (changed) {
      fill();
    }
    Poll.poll(entries, rings.size() + processes.size(), millis);
    for (int i = 0; i < processes.size(); i++) {
      if (processes.get(i) != SKIP && Poll.revents(entries, rings.size() + i) != 0) {
        Unistd.close(processes.get(i));
        processes.set(i, SKIP);
        alive--;
        changed = true;
      }
    }
  }

  private void fill() {
    processes.removeIf(fd -> fd == SKIP);
    int size = rings.size() + processes.size();
    if (entries.byteSize() < size * Poll.POLLFD.byteSize()) {
      entries = arena.allocate(Poll.POLLFD, size * 2L);
    }
    int at = 0;
    for (int fd : rings) {
      Poll.set(entries, at++, fd, Poll.POLLIN);
    }
    for (int fd : processes) {
      Poll.set(entries, at++, fd, Poll.POLLIN);
    }
    changed = false;
  }

  @Override
  public void close() {
    for (int fd : processes) {
      if (fd != SKIP) {
        Unistd.close(fd);
      }
    }
    arena.close();
  }
}
