package dev.whatif.core.command;

import dev.whatif.core.failure.WhatifException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes Ctrl-C and SIGTERM a normal end: the JVM's shutdown waits until the command has finished
 * its work, and its exit code is the command's.
 *
 * <p>The shutdown hook belongs to the process, not to one use: a signal that the JVM gets to see
 * only after the work is done (the program being profiled has ended by the same Ctrl-C) must not
 * turn a finished run into a failed one. In a JVM that {@link Main#main} did not start there is no
 * hook, and nothing is ever requested.
 */
public final class Interruption implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long whoever called the command may take to print its failure. */
  private static final Duration TO_PRINT = Duration.ofSeconds(1);

  private static final AtomicReference<@Nullable Interruption> LATEST = new AtomicReference<>();

  private static final CompletableFuture<Integer> PROCESS_EXIT = new CompletableFuture<>();

  private volatile int exitCode;
  private volatile Runnable lastAct = () -> {};
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  /** From here on until {@link #close}. */
  public Interruption() {
    LATEST.set(this);
  }

  /** Before the first command of a process. */
  static void watchProcess() {
    Runtime.getRuntime().addShutdownHook(new Thread(Interruption::endProcess, "whatif-ending"));
  }

  /** Ends the JVM, with this code also when the user has asked for it in the meantime. */
  static void exit(int code) {
    PROCESS_EXIT.complete(code);
    System.exit(code);
  }

  /** The JVM is shutting down: by {@link #exit}, or by a signal. */
  private static void endProcess() {
    Interruption latest = LATEST.get();
    if (latest != null) {
      latest.end();
    }
  }

  private void end() {
    requested.countDown();
    try {
      if (finishedWithin(PATIENCE)) {
        int code = processExit();
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
      }
    } catch (InterruptedException e) {
      // nobody interrupts a shutdown hook; if so, the JVM ends as it was going to
    }
  }

  /** Waits for the command; what it has left to do at least is done here if it does not end. */
  boolean finishedWithin(Duration patience) throws InterruptedException {
    boolean ended = finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      lastAct.run();
    }
    return ended;
  }

  private int processExit() throws InterruptedException {
    try {
      return PROCESS_EXIT.get(TO_PRINT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return exitCode;
    }
  }

  /**
   * Says what must be done even if the command is stuck when the user has ended it: on a starved
   * machine the kernel can take half a minute to let go of programs.
   *
   * @param act brief; called from another thread, perhaps while the command does the same
   */
  public void lastAct(Runnable act) {
    lastAct = act;
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
  }
}
