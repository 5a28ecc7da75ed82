package dev.whatif.samples.demo;

import dev.whatif.core.process.Target;
import dev.whatif.samples.redis.RedisLoadOptions;
import dev.whatif.samples.redis.RedisServer;
import dev.whatif.samples.redis.ReplayProcess;
import java.time.Duration;
import java.util.List;

/**
 * A Redis whose clients' requests are read and answered by two threads, and a process of clients.
 *
 * <p>With one thread, making code of Redis faster helps by its share of the CPU time, which the CPU
 * profile says already. With two, one waits for the other.
 */
final class RedisScene implements Scene {

  /** As many as Redis wants to see before it lets its second thread help, and some more. */
  private static final int CLIENTS = 8;

  /** Pipelined, so that Redis and not the kernel's loopback has the most to do. */
  private static final RedisLoadOptions LOAD =
      RedisLoadOptions.DEFAULT.withClients(CLIENTS).withPipeline(16);

  private final RedisServer redis;
  private final ReplayProcess load;

  private RedisScene(RedisServer redis, ReplayProcess load) {
    this.redis = redis;
    this.load = load;
  }

  /** Starts both, fills the key space and lets the clients' code be compiled. */
  static RedisScene start() {
    RedisServer redis = RedisServer.start("--io-threads", "2", "--io-threads-do-reads", "yes");
    try {
      return new RedisScene(redis, ReplayProcess.start(redis.port(), LOAD));
    } catch (RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  @Override
  public String said() {
    return "redis-server %s%s with 2 I/O threads, pid %d; %d clients, pid %d, send GET, SET, LPUSH, ZADD and SCAN"
        .formatted(
            redis.version(),
            redis.carried() ? "" : " (" + redis.executable() + ")",
            redis.pid(),
            LOAD.clients(),
            load.pid());
  }

  @Override
  public String workload() {
    return "redis " + redis.version() + ", " + LOAD;
  }

  @Override
  public Target system() {
    return new Target.Processes(List.of(redis.pid(), load.pid()), "redis");
  }

  @Override
  public Target server() {
    return new Target.Processes(List.of(redis.pid()), "redis");
  }

  @Override
  public String progress() {
    return "call"; // once for each request
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
