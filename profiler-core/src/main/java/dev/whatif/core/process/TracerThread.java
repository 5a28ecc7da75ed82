package dev.whatif.core.process;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The platform thread that makes the requests. Its end frees whatever it still traces, also threads
 * that cannot be detached because they do not stop (kernel/ptrace.c, exit_ptrace): then the next
 * command gets a new one.
 */
final class TracerThread implements AutoCloseable {

  private static final long IDLE_MILLIS = 10;

  private static final Runnable END = () -> {};

  private final String name;
  private @Nullable LinkedBlockingQueue<Runnable> commands;
  private boolean closed;

  TracerThread(String name) {
    this.name = name;
  }

  /**
   * Runs a command there and waits for it; an interrupt of the caller does not cut it short.
   *
   * @param meanwhile what the caller's thread does now and then while it waits
   */
  <T> T call(Callable<T> command, Runnable meanwhile) {
    FutureTask<T> task = new FutureTask<>(command);
    send(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          meanwhile.run();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw unchecked(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    if (cause instanceof Error e) {
      throw e;
    }
    if (cause instanceof RuntimeException e) {
      return e;
    }
    return new IllegalStateException(cause);
  }

  private synchronized void send(Runnable command) {
    if (closed) {
      throw new IllegalStateException("the tracer is closed");
    }
    LinkedBlockingQueue<Runnable> queue = commands;
    if (queue == null) {
      queue = new LinkedBlockingQueue<>();
      commands = queue;
      LinkedBlockingQueue<Runnable> its = queue;
      Thread.ofPlatform().daemon().name(name).start(() -> serve(its));
    }
    queue.add(command);
  }

  private void serve(LinkedBlockingQueue<Runnable> queue) {
    try {
      while (true) {
        Runnable command = queue.take();
        if (command == END) {
          return;
        }
        command.run();
        if (isRetired(queue)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isRetired(LinkedBlockingQueue<Runnable> its) {
    return commands != its;
  }

  /** To be called by a command: its thread ends behind it. */
  synchronized void retire() {
    commands = null;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (commands != null) {
      commands.add(END);
    }
  }
}
