package dev.whatif.samples.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RequestMixProperties {

  @Property(tries = 20)
  void theSameSeedGivesTheSameRequests(@ForAll long seed) {
    RedisLoadOptions options = RedisLoadOptions.DEFAULT.withSeed(seed);
    assertThat(lines(options, 3)).isEqualTo(lines(options, 3)).isNotEqualTo(lines(options, 4));
  }

  private static List<String> lines(RedisLoadOptions options, int client) {
    RequestMix mix = new RequestMix(options, client);
    return IntStream.range(0, 200)
        .mapToObj(_ -> mix.next())
        .map(
            r -> r.command() + " " + r.arguments().stream().map(a -> new String(a, UTF_8)).toList())
        .toList();
  }
}
