/**
 * The command {@code whatif demo}: the whole job on a workload that whatif brings along.
 *
 * <p>{@link dev.whatif.samples.demo.DemoCommand} reads the command line and {@link
 * dev.whatif.samples.demo.Demo} does what a user would do by hand with {@code whatif record},
 * {@code whatif causal} and {@code whatif report} on a {@link dev.whatif.samples.demo.Scene}: a
 * busy Redis with its clients, or threads that share a database. It leaves one recording and
 * nothing else, also when it is interrupted.
 */
package dev.whatif.samples.demo;
