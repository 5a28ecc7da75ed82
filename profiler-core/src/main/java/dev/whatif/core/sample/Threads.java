package dev.whatif.core.sample;

/** Waiting for threads that end soon. */
final class Threads {

  private Threads() {}

  /** Waits for its end, whoever interrupts meanwhile; the interrupt is passed on afterwards. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
