package dev.whatif.core.command;

import dev.whatif.core.failure.WhatifException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C and SIGTERM a normal end: the JVM's shutdown waits until the command has finished
 * its work, and its exit code is the command's.
 */
public final class Interruption implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration TO_PRINT = Duration.ofMillis(300);

  private volatile int exitCode;
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
        if (exitCode != 0) {
          Thread.sleep(TO_PRINT.toMillis()); // the failure is printed by whoever called the command
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
      }
    } catch (InterruptedException e) {
      // nobody interrupts a shutdown hook; if so, the JVM ends as it was going to
    }
  }

  /** Whether the user wants the command to end. */
  public boolean requested() {
    return requested.getCount() == 0;
  }

  /** The command has failed: its exit code is the JVM's also when the user has ended it. */
  public void failed(RuntimeException e) {
    exitCode = e instanceof WhatifException known ? known.exitCode() : 1;
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
