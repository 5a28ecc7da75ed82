package dev.whatif.samples.truth;

import java.util.function.DoubleUnaryOperator;

/**
 * A program whose region X can really be made faster.
 *
 * @param name as users write it, for example {@code lock}
 * @param source its file among the resources of this package, for example {@code lock.c}
 * @param variant the word it gets with {@code --variant}, or ""
 * @param region what {@code whatif causal --region} is given; a line of the source as {@code
 *     FILE:LINE}
 * @param expectation what an honest profiler says
 * @param theory the share of the progress period that is saved when X costs (1 - s), 0 &le; s &le;
 *     1, on two free CPUs and as if births, switches and wakes cost nothing
 * @param shape in a few words
 */
public record TruthProgram(
    String name,
    String source,
    String variant,
    String region,
    Expectation expectation,
    DoubleUnaryOperator theory,
    String shape) {

  /** The progress point of all of them. */
  public static final String PROGRESS = "step";

  /** What an honest profiler says about a program. */
  public enum Expectation {
    /** The effect, with an interval that holds it. */
    EFFECT,
    /**
     * That throughput is bound by when work arrives, never a gain: waits that nobody in the program
     * ends swallow the delays of a virtual speedup.
     */
    ARRIVAL_LIMITED
  }

  /** Whether it is compiled as C++. */
  public boolean isCxx() {
    return source.endsWith(".cc");
  }

  /** Whether region X is in a shared library that it loads. */
  boolean inLibrary() {
    return source.equals("library.c");
  }
}
