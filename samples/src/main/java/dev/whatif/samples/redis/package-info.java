/**
 * A real Redis that needs no installation, and the load that keeps it busy.
 *
 * <p>{@link dev.whatif.samples.redis.RedisServer} starts the redis-server that the Maven artifact
 * {@code com.github.codemonstur:embedded-redis} carries (6.2, with debug information) or, where
 * that one cannot run, an installed one; nothing of it outlives {@link
 * dev.whatif.samples.redis.RedisServer#close()}. {@link dev.whatif.samples.redis.RedisLoad} sends
 * it the mixed, skewed requests of a cache. Both are plain objects that a test, a benchmark or a
 * command can hold.
 */
package dev.whatif.samples.redis;
