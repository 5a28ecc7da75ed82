package dev.whatif.samples.redis;

import java.util.List;
import redis.clients.jedis.Protocol.Command;

/**
 * One request as it goes over the wire.
 *
 * @param command its name
 * @param arguments its arguments
 */
record RedisRequest(Command command, List<byte[]> arguments) {

  static RedisRequest of(Command command, byte[]... arguments) {
    return new RedisRequest(command, List.of(arguments));
  }

  byte[][] argumentArray() {
    return arguments.toArray(byte[][]::new);
  }
}
