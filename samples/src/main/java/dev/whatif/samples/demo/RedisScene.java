package dev.whatif.samples.demo;

import dev.whatif.core.process.Target;
import dev.whatif.samples.redis.RedisLoadOptions;
import dev.whatif.samples.redis.RedisServer;
import dev.whatif.samples.redis.ReplayProcess;
import java.time.Duration;
import java.util.List;

/**
 * A Redis and a process of clients. Where there are CPUs for it, requests are read and answered by
 * two of its threads.
 *
 * <p>These wait for each other by spinning. With three busy threads on two CPUs one of them spins
 * for another that has no CPU, and throughput jumps between a fifth and the whole of what one
 * thread reaches: there is nothing to experiment with. Redis itself advises four CPUs.
 */
final class RedisScene implements Scene {

  /** As many as Redis wants to see before it lets its second thread help, and some more. */
  private static final int CLIENTS = 8;

  private static final int CPUS_FOR_TWO = 4;

  /** Pipelined, so that Redis and not the kernel's loopback has the most to do. */
  private static final RedisLoadOptions LOAD =
      RedisLoadOptions.DEFAULT.withClients(CLIENTS).withPipeline(16).withQueries(500);

  private final RedisServer redis;
  private final ReplayProcess load;
  private final int threads;

  private RedisScene(RedisServer redis, ReplayProcess load, int threads) {
    this.threads = threads;
    this.redis = redis;
    this.load = load;
  }

  /** Starts both, fills the key space and lets the clients' code be compiled. */
  static RedisScene start() {
    int threads = Runtime.getRuntime().availableProcessors() < CPUS_FOR_TWO ? 1 : 2;
    RedisServer redis =
        RedisServer.start("--io-threads", "" + threads, "--io-threads-do-reads", "yes");
    try {
      return new RedisScene(redis, ReplayProcess.start(redis.port(), LOAD), threads);
    } catch (RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  @Override
  public String said() {
    return "redis-server %s%s with %s, pid %d; %d clients, pid %d, send GET, SET, LPUSH, ZADD and SINTER"
        .formatted(
            redis.version(),
            redis.carried() ? "" : " (" + redis.executable() + ")",
            threads == 1
                ? "1 thread (a second one needs " + CPUS_FOR_TWO + " CPUs)"
                : threads + " I/O threads",
            redis.pid(),
            LOAD.clients(),
            load.pid());
  }

  @Override
  public String workload() {
    return "redis " + redis.version() + ", I/O threads " + threads + ", " + LOAD;
  }

  @Override
  public Target system() {
    return new Target.Processes(List.of(redis.pid(), load.pid()), "redis");
  }

  @Override
  public Target server() {
    return new Target.Processes(List.of(redis.pid()), "redis");
  }

  /** Once for each batch of requests: to count every single one would cost the server 6 %. */
  @Override
  public String progress() {
    return "writeToClient";
  }

  @Override
  public List<String> excluded() {
    return List.of();
  }

  @Override
  public boolean running() {
    return redis.running() && load.running();
  }

  @Override
  public void outliveShutdown(Duration patience) {
    redis.outliveShutdown(patience);
    load.outliveShutdown(patience);
  }

  @Override
  public void close() {
    try {
      load.close();
    } finally {
      redis.close();
    }
  }
}
