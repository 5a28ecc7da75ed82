/**
 * What the tests of every module share: what a test needs from the machine, and C programs compiled
 * for it.
 *
 * <p>It lies in profiler-core's test-jar; no class of the product may depend on it.
 */
package dev.whatif.testing;
