package dev.whatif.samples.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class RedisLoadTest {

  @Test
  void aFixedNumberOfRequestsIsExact() throws Exception {
    try (RedisServer server = RedisServer.start()) {
      for (int pipeline : new int[] {1, 16}) {
        RedisLoadOptions options =
            RedisLoadOptions.DEFAULT.withClients(3).withPipeline(pipeline).withRequests(1_001);
        try (Jedis jedis = new Jedis("127.0.0.1", server.port());
            RedisLoad load = RedisLoad.start(server.port(), options)) {
          jedis.configResetStat();
          load.await();
          assertThat(load.answered()).isEqualTo(1_001);
          assertThat(load.running()).isFalse();
        }
      }
    }
  }

  @Test
  void theServerSeesEveryKindOfRequest() throws Exception {
    try (RedisServer server = RedisServer.start();
        Jedis jedis = new Jedis("127.0.0.1", server.port());
        RedisLoad load =
            RedisLoad.start(server.port(), RedisLoadOptions.DEFAULT.withRequests(5_000))) {
      load.await();
      assertThat(jedis.info("commandstats"))
          .contains("cmdstat_get:", "cmdstat_set:", "cmdstat_lpush:", "cmdstat_zadd:")
          .contains("cmdstat_scan:", "cmdstat_ltrim:")
          .doesNotContain("failed_calls=1");
    }
  }

  @Test
  void anEndlessLoadStopsWhenClosed() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLoad load = RedisLoad.start(server.port(), RedisLoadOptions.DEFAULT)) {
      while (load.answered() < 100) {
        Thread.sleep(1);
      }
      assertThat(load.running()).isTrue();
      load.close();
      assertThat(load.running()).isFalse();
      load.await(); // an ordered end is no failure
    }
  }

  @Test
  void aServerThatGoesAwayIsReported() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisLoad load = RedisLoad.start(server.port(), RedisLoadOptions.DEFAULT)) {
      while (load.answered() < 100) {
        Thread.sleep(1);
      }
      server.close();
      assertThatThrownBy(load::await)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cut off");
    }
  }
}
