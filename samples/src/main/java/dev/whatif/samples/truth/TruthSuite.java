package dev.whatif.samples.truth;

import dev.whatif.core.failure.UsageException;
import dev.whatif.samples.truth.TruthProgram.Expectation;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/** All programs with a known truth. What each does, unit by unit, stands in its source. */
public final class TruthSuite {

  private static final List<TruthProgram> ALL =
      List.of(
          effect("plateau", "plateau.c", "", s -> Math.min(s, 0.5), "X in the longer of 2 threads"),
          effect(
              "plateau-short",
              "plateau.c",
              "short",
              TruthSuite::nothing,
              "X in the shorter of 2 threads"),
          effect("lock", "lock.c", "", TruthSuite::lock, "2 threads, X inside a mutex"),
          effect("lock-four", "lock.c", "four", s -> 0.4 * s, "4 threads, X inside a mutex"),
          effect("pipeline", "pipeline.c", "", s -> Math.min(s, 0.6), "3 threads, 2 queues"),
          effect(
              "io-hidden",
              "io_hidden.c",
              "",
              TruthSuite::nothing,
              "X beside a device that takes longer"),
          effect("io-serial", "io_serial.c", "", s -> s / 2, "X, then a device"),
          effect("saturated", "saturated.c", "", s -> s / 2, "4 threads on 1 CPU"),
          effect("barrier", "barrier.c", "", s -> Math.min(s, 1.0 / 3), "X in 1 of 2 at a barrier"),
          effect("forking", "forking.c", "", s -> 2 * s / 3, "a process for each request"),
          effect("pipes", "pipes.c", "", s -> Math.min(s, 0.6), "3 processes, 2 pipes"),
          effect("tcp", "tcp.c", "", s -> 10 * s / 14, "2 processes, 1 request at a time"),
          effect("tcp-window", "tcp.c", "window", s -> Math.min(s, 0.6), "2 processes, 2 requests"),
          effect("contention", "contention.c", "", TruthSuite::contention, "X keeps off a mutex"),
          effect(
              "spinning", "contention.c", "spin", TruthSuite::contention, "X keeps off a spinlock"),
          effect("single", "single.c", "", s -> s / 2, "1 busy thread"),
          arrivals("timer", "timer.c", "X at every tick of 2 ms"),
          arrivals("open-loop", "open_loop.c", "a request every 2 ms, over TCP"),
          arrivals("io-overlap", "io_overlap.c", "the device is started before X"),
          effect("futexes", "futexes.c", "", s -> Math.min(s, 0.5), "2 processes, shared memory"),
          effect("library", "library.c", "", s -> Math.min(s, 1.0 / 3), "X in a dlopened library"),
          effect(
              "reload", "library.c", "reload", s -> Math.min(s, 1.0 / 3), "and loaded again often"),
          effect("inlined", "inlined.cc", "", s -> 2 * s / 3, "X inlined in 3 C++ functions")
              .withRegion("work::hot"),
          effect("phases", "phases.c", "", s -> s / 4, "X in every other phase"),
          line("lines", "lines.c", s -> s / 2, "X is one line of an inlined function"),
          effect("crowd", "crowd.c", "", s -> s / 2, "64 threads, 2 at work"));

  private TruthSuite() {}

  /** All of them. */
  public static List<TruthProgram> all() {
    return ALL;
  }

  /** Three that between them have a plateau, a lock and processes. */
  public static List<TruthProgram> few() {
    return List.of(named("barrier"), named("lock"), named("tcp"));
  }

  /**
   * One of them.
   *
   * @throws UsageException when there is none of this name
   */
  public static TruthProgram named(String name) {
    return ALL.stream()
        .filter(p -> p.name().equals(name))
        .findAny()
        .orElseThrow(() ->
            new UsageException(
                "there is no program " + name + " with a known truth",
                ALL.stream()
                    .map(TruthProgram::name)
                    .collect(Collectors.joining(", ", "there are ", ""))));
  }

  private static double nothing(double s) {
    return 0 * s;
  }

  /** One unit alone, two inside: serial until two threads have more to do apart than together. */
  private static double lock(double s) {
    double x = 2 * (1 - s);
    return 1 - Math.max(x, (1 + x) / 2) / 2;
  }

  /**
   * The other thread keeps off the lock for 24 units and holds it for 12; meanwhile two units are a
   * visit, and one more visit waits for it.
   */
  private static double contention(double s) {
    return 1 - period(s) / period(0);
  }

  private static double period(double s) {
    double off = 24 * (1 - s);
    return (off + 12 + 1) / (off / 2 + 1);
  }

  private static TruthProgram effect(
      String name, String source, String variant, DoubleUnaryOperator theory, String shape) {
    return new TruthProgram(
        name, source, variant, TruthProgram.UNIT, "hot", Expectation.EFFECT, theory, shape);
  }

  private static TruthProgram arrivals(String name, String source, String shape) {
    return new TruthProgram(
        name,
        source,
        "",
        TruthProgram.UNIT,
        "hot",
        Expectation.ARRIVAL_LIMITED,
        TruthSuite::nothing,
        shape);
  }

  private static TruthProgram line(
      String name, String source, DoubleUnaryOperator theory, String shape) {
    String region = source + ":" + Workshop.regionLine(source);
    return new TruthProgram(
        name, source, "", TruthProgram.UNIT, region, Expectation.EFFECT, theory, shape);
  }
}
