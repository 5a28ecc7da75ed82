package dev.whatif.samples.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;
import redis.clients.jedis.Protocol.Command;

/**
 * The endless sequence of requests of one client: half reads, the rest writes to strings, lists and
 * sorted sets, and now and then a step of a scan; popular keys are popular with every command. If
 * asked for, there are queries among them: which things have two tags.
 *
 * <p>What it writes is bounded whatever its length: keys are a fixed set, lists are trimmed,
 * members of sets are few. The same seed gives the same sequence. Confined to one thread.
 */
final class RequestMix {

  // Of 1000 requests that are no queries.
  private static final int GET = 520;
  private static final int SET = GET + 250;
  private static final int LPUSH = SET + 110;
  private static final int LTRIM = LPUSH + 10;
  private static final int ZADD = LTRIM + 100;

  private static final byte[] ZERO = "0".getBytes(UTF_8);
  private static final byte[] LIST_END = "127".getBytes(UTF_8);
  private static final byte[] COUNT = "COUNT".getBytes(UTF_8);
  private static final byte[] SCAN_STEP = "10".getBytes(UTF_8);

  /** Lists and sorted sets are larger than strings, and there are fewer of them. */
  private static final int COLLECTIONS = 1000;

  private static final int MEMBERS = 1000;

  /** So many that two sets of them have few in common: answers stay short. */
  private static final int THINGS = 20_000;

  private final SplittableRandom random;
  private final DiscreteSampler key;
  private final DiscreteSampler collection;
  private final byte[] value;
  private final int queries;

  RequestMix(RedisLoadOptions options, int client) {
    random = new SplittableRandom(options.seed() * 1_000_003 + client);
    key = RejectionInversionZipfSampler.of(random::nextLong, options.keys(), options.skew());
    collection = RejectionInversionZipfSampler.of(random::nextLong, COLLECTIONS, options.skew());
    queries = options.queries();
    value = new byte[options.valueBytes()];
    Arrays.fill(value, (byte) 'v');
  }

  /** The next request. */
  RedisRequest next() {
    if (queries > 0 && random.nextInt(1000) < queries) {
      return query();
    }
    int draw = random.nextInt(1000);
    if (draw < GET) {
      return RedisRequest.of(Command.GET, key());
    }
    if (draw < SET) {
      return RedisRequest.of(Command.SET, key(), value);
    }
    if (draw < LPUSH) {
      return RedisRequest.of(Command.LPUSH, collection("list:"), value);
    }
    if (draw < LTRIM) {
      return RedisRequest.of(Command.LTRIM, collection("list:"), ZERO, LIST_END);
    }
    if (draw < ZADD) {
      byte[] member = ("member:" + random.nextInt(MEMBERS)).getBytes(UTF_8);
      byte[] score = Integer.toString(random.nextInt(1_000_000)).getBytes(UTF_8);
      return RedisRequest.of(Command.ZADD, collection("set:"), score, member);
    }
    byte[] cursor = Integer.toString(random.nextInt(1 << 16)).getBytes(UTF_8);
    return RedisRequest.of(Command.SCAN, cursor, COUNT, SCAN_STEP);
  }

  /** What has both tags, or one more thing that has one. */
  private RedisRequest query() {
    if (random.nextBoolean()) {
      return RedisRequest.of(Command.SINTER, collection("tag:"), collection("tag:"));
    }
    byte[] thing = ("thing:" + random.nextInt(THINGS)).getBytes(UTF_8);
    return RedisRequest.of(Command.SADD, collection("tag:"), thing);
  }

  private byte[] key() {
    return ("key:" + key.sample()).getBytes(UTF_8);
  }

  private byte[] collection(String kind) {
    return (kind + collection.sample()).getBytes(UTF_8);
  }
}
