package dev.whatif.core.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C and SIGTERM a normal end: the JVM's shutdown waits until the command has finished
 * its work, and its exit code is the command's.
 */
public final class Interruption implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::finish, "whatif-interrupted");

  /** From here on until {@link #close}. */
  public Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void finish() {
    requested.countDown();
    try {
      if (finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException e) {
      // nobody interrupts a shutdown hook; if so, the JVM ends as it was going to
    }
  }

  /** Whether the user wants the command to end. */
  public boolean requested() {
    return requested.getCount() == 0;
  }

  /** All work is done and printed. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the shutdown is on its way: the hook ends the JVM
    }
  }
}
