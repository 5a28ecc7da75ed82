/**
 * The command {@code whatif demo}: the whole job on a workload that whatif brings along.
 *
 * <p>{@link dev.whatif.samples.demo.DemoCommand} reads the command line and {@link
 * dev.whatif.samples.demo.RedisDemo} does what a user would do by hand with {@code whatif record}
 * and {@code whatif report} on a busy Redis. It leaves one recording and nothing else, also when it
 * is interrupted.
 */
package dev.whatif.samples.demo;
