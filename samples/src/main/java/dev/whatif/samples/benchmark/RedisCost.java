package dev.whatif.samples.benchmark;

import dev.whatif.samples.redis.RedisLoadOptions;
import dev.whatif.samples.redis.RedisServer;
import dev.whatif.samples.redis.RequestReplay;
import java.io.IOException;

/**
 * CPU time of an operation of Redis without pipelining: each operation is a wake, a packet and its
 * answer, which is the most that the accounting can cost a server. What the server's threads are
 * charged includes softirqs that ran on them, its clients' packets among them.
 */
final class RedisCost implements AutoCloseable {

  private final RedisServer server;
  private final RequestReplay load;

  RedisCost(boolean brief) throws IOException, InterruptedException {
    load = new RequestReplay(RedisLoadOptions.DEFAULT.withRequests(brief ? 4_000 : 40_000));
    server = RedisServer.start();
    nanos(); // fills it
  }

  int pid() {
    return server.pid();
  }

  /** CPU nanoseconds of an operation, of a run. */
  double nanos() throws IOException, InterruptedException {
    long before = CpuClock.nanos(server.pid());
    load.run(server.port());
    return (double) (CpuClock.nanos(server.pid()) - before) / load.requests();
  }

  @Override
  public void close() {
    server.close();
  }
}
