package dev.whatif.core.process;

import java.time.Duration;
import java.util.List;

/**
 * A process all of whose threads are stopped. Valid only inside the {@link Action} that it was
 * given to, and on its thread only.
 *
 * <p>Every request fails with {@link dev.whatif.core.failure.TargetLostException} when the target
 * has been killed meanwhile: SIGKILL ends a stopped thread, too.
 */
public interface Stopped {

  /**
   * What to do while everything stands still.
   *
   * @param <T> what comes out of it
   */
  @FunctionalInterface
  interface Action<T> {
    /** Does it; should be short, the target waits. */
    T run(Stopped stopped);
  }

  /** The process. */
  int pid();

  /** Its threads, in the order of their numbers; those that were ending are left out. */
  List<StoppedThread> threads();

  /** Fills an array from the target's memory, whatever the protection of its pages. */
  void read(long address, byte[] into);

  /** Writes into the target's memory, also into pages that it may not write itself. */
  void write(long address, byte[] bytes);

  /** How long the first thread has been stopped, at most. */
  Duration stoppedFor();
}
