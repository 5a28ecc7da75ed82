package dev.whatif.samples.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

class RequestMixTest {

  private static final int DRAWS = 100_000;

  @Test
  void theMixIsThatOfACache() {
    Map<Command, Integer> count = new HashMap<>();
    RequestMix mix = new RequestMix(RedisLoadOptions.DEFAULT, 0);
    for (int i = 0; i < DRAWS; i++) {
      count.merge(mix.next().command(), 1, Integer::sum);
    }
    Map<Command, Double> shares =
        Map.of(
            Command.GET, 0.52,
            Command.SET, 0.25,
            Command.LPUSH, 0.11,
            Command.LTRIM, 0.01,
            Command.ZADD, 0.10,
            Command.SCAN, 0.01);
    assertThat(count).containsOnlyKeys(shares.keySet());
    shares.forEach((command, share) ->
        assertThat((double) count.get(command) / DRAWS)
            .as(command.toString())
            .isCloseTo(share, within(0.01)));
  }

  @Test
  void asManyAreQueriesAsAskedFor() {
    RequestMix mix = new RequestMix(RedisLoadOptions.DEFAULT.withQueries(200), 0);
    int queries = 0;
    for (int i = 0; i < DRAWS; i++) {
      Command command = mix.next().command();
      queries += command == Command.SINTER || command == Command.SADD ? 1 : 0;
    }
    assertThat((double) queries / DRAWS).isCloseTo(0.2, within(0.01));
  }

  @Test
  void theSecondKeyIsAboutHalfAsPopularAsTheFirst() {
    Map<String, Integer> reads = new HashMap<>();
    RequestMix mix = new RequestMix(RedisLoadOptions.DEFAULT, 0);
    for (int i = 0; i < 10 * DRAWS; i++) {
      RedisRequest request = mix.next();
      if (request.command() == Command.GET) {
        reads.merge(new String(request.arguments().getFirst(), UTF_8), 1, Integer::sum);
      }
    }
    double ratio = (double) reads.get("key:2") / reads.get("key:1");
    assertThat(ratio).isCloseTo(Math.pow(2, -0.99), within(0.03));
  }
}
