package dev.whatif.samples.redis;

/**
 * What a load sends.
 *
 * @param clients number of connections, each with a thread of its own, at least 1
 * @param pipeline requests sent before their answers are read; 1 for a plain request-answer client
 * @param requests how many in all, over all clients; 0 for until stopped
 * @param keys number of distinct keys, at least 1
 * @param skew exponent of the Zipf distribution over the keys, above 0: with 1 the second key is
 *     half as popular as the first
 * @param valueBytes size of a value that SET writes
 * @param queries how many of 1000 requests are about the tags of things, SINTER and SADD: they keep
 *     Redis's own code busy for as long as dozens of the others
 * @param seed the same seed gives every client the same requests in the same order
 */
public record RedisLoadOptions(
    int clients,
    int pipeline,
    long requests,
    int keys,
    double skew,
    int valueBytes,
    int queries,
    long seed) {

  /** A small busy cache: 4 clients without pipelining, 100,000 keys, until stopped. */
  public static final RedisLoadOptions DEFAULT =
      new RedisLoadOptions(4, 1, 0, 100_000, 0.99, 128, 0, 1);

  /** Checks the ranges. */
  public RedisLoadOptions {
    if (clients < 1
        || pipeline < 1
        || requests < 0
        || keys < 1
        || skew <= 0
        || valueBytes < 1
        || queries < 0
        || queries > 1000) {
      throw new IllegalArgumentException(
          "a load out of range: "
              + clients
              + " clients, pipeline "
              + pipeline
              + ", "
              + requests
              + " requests, "
              + keys
              + " keys, skew "
              + skew
              + ", "
              + valueBytes
              + " bytes, "
              + queries
              + " queries of 1000 requests");
    }
  }

  /** The same with another number of clients. */
  public RedisLoadOptions withClients(int number) {
    return new RedisLoadOptions(number, pipeline, requests, keys, skew, valueBytes, queries, seed);
  }

  /** The same with another pipeline; 1 is none. */
  public RedisLoadOptions withPipeline(int depth) {
    return new RedisLoadOptions(clients, depth, requests, keys, skew, valueBytes, queries, seed);
  }

  /** The same with a fixed number of requests; 0 is until stopped. */
  public RedisLoadOptions withRequests(long number) {
    return new RedisLoadOptions(clients, pipeline, number, keys, skew, valueBytes, queries, seed);
  }

  /** The same with another number of queries among 1000 requests. */
  public RedisLoadOptions withQueries(int number) {
    return new RedisLoadOptions(clients, pipeline, requests, keys, skew, valueBytes, number, seed);
  }

  /** The same with another seed. */
  public RedisLoadOptions withSeed(long number) {
    return new RedisLoadOptions(
        clients, pipeline, requests, keys, skew, valueBytes, queries, number);
  }
}
