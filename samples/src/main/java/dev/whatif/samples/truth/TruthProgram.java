package dev.whatif.samples.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A program whose region X can really be made faster.
 *
 * @param name as users write it, for example {@code lock}
 * @param source its file among the resources of this package, for example {@code lock.c}
 * @param variant the word it gets with {@code --variant}, or ""
 * @param unit iterations that are one unit of its work; {@value #UNIT} take about 0.1 ms
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
    long unit,
    String region,
    Expectation expectation,
    DoubleUnaryOperator theory,
    String shape) {

  /** What a unit is unless one says otherwise. */
  public static final long UNIT = 100_000;

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

  /** The same with longer or shorter rounds. */
  public TruthProgram withUnit(long iterations) {
    return new TruthProgram(name, source, variant, iterations, region, expectation, theory, shape);
  }

  /** The same with a region of another name. */
  TruthProgram withRegion(String other) {
    return new TruthProgram(name, source, variant, unit, other, expectation, theory, shape);
  }

  /** What makes it this one of the programs of its source. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (!variant.isEmpty()) {
      arguments.addAll(List.of("--variant", variant));
    }
    if (unit != UNIT) {
      arguments.addAll(List.of("--unit", Long.toString(unit)));
    }
    return arguments;
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
