package dev.whatif.samples.redis;

import dev.whatif.core.process.Spawn;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** Waits until a redis-server answers, and makes sure that it is the one that was started. */
final class RedisGreeting {

  private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");
  private static final long PAUSE_NANOS = 5_000_000;

  private RedisGreeting() {}

  /**
   * The version that the server reports; empty when its process ends, is silent too long, or
   * another server answers on its port.
   */
  static Optional<String> await(int port, Spawn process, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (process.running() && System.nanoTime() < deadline) {
      try (Connection connection = new Connection(new HostAndPort("127.0.0.1", port))) {
        connection.sendCommand(Command.INFO, "server");
        String info = connection.getBulkReply();
        if (!info.contains("process_id:" + process.pid() + "\r\n")) {
          return Optional.empty();
        }
        Matcher version = VERSION.matcher(info);
        return Optional.of(version.find() ? version.group(1) : "of unknown version");
      } catch (JedisException e) {
        // Not listening yet, or still loading.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return Optional.empty();
  }
}
