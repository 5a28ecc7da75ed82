/**
 * Programs of which one knows what a causal profiler ought to say about them.
 *
 * <p>Each has a region X whose cost is an argument. So the truth is no model: the program is run
 * with X really shrunk, beside itself with X as it was, and what that saves of the time between two
 * visits of its progress point is what a virtual speedup has to predict. {@link
 * dev.whatif.samples.truth.TruthSuite} lists them, {@link dev.whatif.samples.truth.Workshop}
 * compiles them with the machine's own compiler, and {@link dev.whatif.samples.truth.TruthProcess}
 * is one that runs.
 *
 * <p>The sources (C11, POSIX threads, nothing else) stand beside the classes as resources. All work
 * in them is a counted number of iterations, never a time: a changed clock frequency changes both
 * runs of a pair alike.
 */
package dev.whatif.samples.truth;
