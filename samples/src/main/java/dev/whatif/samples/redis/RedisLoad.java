package dev.whatif.samples.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;

/**
 * Clients that keep a Redis busy with mixed, skewed GET, SET, LPUSH, ZADD and SCAN requests.
 *
 * <p>Closed loop: a client sends its next request when it has the answer to the last, so the load
 * follows the server. All methods may be called from any thread.
 */
public final class RedisLoad implements AutoCloseable {

  private final RedisLoadOptions options;
  private final List<Thread> clients = new ArrayList<>();
  private final LongAdder answered = new LongAdder();
  private final AtomicLong unclaimed;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean stopping;

  private RedisLoad(RedisLoadOptions options) {
    this.options = options;
    this.unclaimed = new AtomicLong(options.requests() == 0 ? Long.MAX_VALUE : options.requests());
  }

  /**
   * Connects the clients to a Redis on this machine and lets them loose.
   *
   * @param port where it listens, on the loopback interface
   */
  public static RedisLoad start(int port, RedisLoadOptions options) {
    RedisLoad load = new RedisLoad(options);
    for (int i = 0; i < options.clients(); i++) {
      RequestMix mix = new RequestMix(options, i);
      load.clients.add(
          Thread.ofPlatform()
              .name("redis-load-" + i)
              .daemon()
              .unstarted(() -> load.run(new HostAndPort("127.0.0.1", port), mix)));
    }
    load.clients.forEach(Thread::start);
    return load;
  }

  /** Requests answered so far. */
  public long answered() {
    return answered.sum();
  }

  /** Whether some client still sends. */
  public boolean running() {
    return clients.stream().anyMatch(Thread::isAlive);
  }

  /**
   * Waits until the fixed number of requests is answered or {@link #close()} is called elsewhere.
   *
   * @throws IllegalStateException when a client was cut off: the server is gone or refused a
   *     request
   * @throws InterruptedException when this thread is interrupted; the load goes on
   */
  public void await() throws InterruptedException {
    for (Thread client : clients) {
      client.join();
    }
    RuntimeException first = failure.get();
    if (first != null) {
      throw new IllegalStateException("the load was cut off: " + first.getMessage(), first);
    }
  }

  /** Stops the clients after the request they are in, and waits for them. */
  @Override
  public void close() {
    stopping = true;
    boolean interrupted = false;
    for (Thread client : clients) {
      while (client.isAlive()) {
        try {
          client.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(HostAndPort server, RequestMix mix) {
    try (Connection connection = new Connection(server)) {
      for (int batch = claim(); batch > 0 && !stopping; batch = claim()) {
        for (int i = 0; i < batch; i++) {
          RedisRequest request = mix.next();
          connection.sendCommand(request.command(), request.argumentArray());
        }
        if (batch == 1) {
          connection.getOne();
        } else {
          connection.getMany(batch);
        }
        answered.add(batch);
      }
    } catch (RuntimeException e) {
      // What ends together with the server at a stop is no failure.
      if (!stopping) {
        failure.compareAndSet(null, e);
      }
    }
  }

  /** Takes up to a pipeline's worth of what is left to send; 0 when nothing is left. */
  private int claim() {
    long before = unclaimed.getAndUpdate(left -> Math.max(0, left - options.pipeline()));
    return (int) Math.min(before, options.pipeline());
  }
}
