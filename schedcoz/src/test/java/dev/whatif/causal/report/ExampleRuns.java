package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.CurvePoint;
import dev.whatif.causal.analysis.Interval;
import dev.whatif.causal.analysis.Measure;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.causal.analysis.Quality;
import dev.whatif.causal.analysis.SpeedupCurve;
import dev.whatif.causal.analysis.SpeedupCurve.Shape;
import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Latencies;
import dev.whatif.causal.experiment.Looks;
import dev.whatif.causal.experiment.Observation;
import dev.whatif.causal.experiment.Visits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** Runs as they could have been, made without any target. */
final class ExampleRuns {

  static final String POINT = "aeProcessEvents";
  static final String TIMED = "processCommand";
  static final String LONG_NAME =
      "std::__detail::_Hashtable_base<std::__cxx11::basic_string<char>, std::pair<const"
          + " std::__cxx11::basic_string<char>, std::vector<int> >, std::_Select1st, "
          + "std::equal_to<void>, ".repeat(9)
          + "std::hash<void> >::_M_find_before_node(unsigned long, const key_type&) const";
  static final String HOSTILE = "</script><img src=x onerror=\"alert(1)\">\u001b[31m&\t\n'%s{}";
  static final List<Double> SPEEDUPS = List.of(0.25, 0.5, 0.75, 1.0);
  static final double PERIOD_NANOS = 20_740;

  private static final long START = 1_000_000_000_000L;
  private static final int BLOCKS = 8;

  private ExampleRuns() {}

  /** A region as it is in truth. */
  record Truth(
      String region, double samples, Shape shape, DoubleUnaryOperator effect, String remark) {}

  static final List<Truth> TRUTHS =
      List.of(
          new Truth("dictFind", 0.184, Shape.RISING, s -> 0.33 * s, ""),
          new Truth(
              "src/networking.c:2413",
              0.121,
              Shape.PLATEAU,
              s -> 0.30 * Math.min(s, 0.5),
              "beyond that the io threads are the bottleneck"),
          new Truth(LONG_NAME, 0.093, Shape.RISING, s -> 0.12 * s, ""),
          new Truth("siphash", 0.062, Shape.RISING, s -> 0.055 * s, ""),
          new Truth("zmalloc", 0.051, Shape.FLAT, s -> 0.012 * s, ""),
          new Truth("sdscatlen", 0.012, Shape.FLAT, s -> 0.004 * s, ""),
          new Truth("memcpy", 0.214, Shape.FLAT, s -> 0.002 * s, ""),
          new Truth("incrRefCount", 0.004, Shape.UNKNOWN, s -> 0.0, "sampled 11 times only"),
          new Truth("zslInsert", 0.034, Shape.FLAT, s -> -0.003 * s, ""),
          new Truth("tryReadFromClient spin", 0.09, Shape.CONTENTION, s -> -0.11 * s, ""));

  static CausalRun redis() {
    return run(
        List.of(
            progress(POINT, Measure.THROUGHPUT, TRUTHS, 1e9 / PERIOD_NANOS),
            progress(TIMED, Measure.LATENCY_MEAN, TRUTHS.subList(0, 4), 812_400),
            progress(TIMED, Measure.LATENCY_P99, TRUTHS.subList(0, 2), 3_310_000)),
        new Quality(
            0.031,
            0.118,
            1_840_000,
            212_000,
            408,
            9,
            0.142,
            List.of("2 of 14 threads block the signal and cannot be delayed: 0.4% of CPU time")),
        true,
        observations(TRUTHS));
  }

  /** A target that is limited by its arrivals. */
  static CausalRun refused() {
    return run(
        List.of(
            new ProgressProfile(
                POINT,
                Measure.THROUGHPUT,
                1000.02,
                new Interval(999.4, 1000.7),
                List.of(),
                new CurvePoint(0.5, 0.47, new Interval(0.44, 0.5), 41_000, 41),
                "progress is limited by arrivals: its threads waited 91% of the time for work that"
                    + " nobody in scope sends, so faster code cannot make it more frequent; measure"
                    + " latency instead: --latency BEGIN --until END")),
        new Quality(
            0.24,
            0.61,
            4_000_000,
            900_000,
            130,
            77,
            0.02,
            List.of(
                "the machine was busy: 24% of the CPU time that threads wanted was taken by"
                    + " others; stop the load beside it, or give the target CPUs of its own")),
        false,
        List.of());
  }

  static CausalRun single() {
    return run(
        List.of(progress(POINT, Measure.THROUGHPUT, TRUTHS.subList(0, 1), 0.5)),
        new Quality(0, 0, 0, 0, 40, 0, 0.1, List.of()),
        false,
        observations(TRUTHS.subList(0, 1)));
  }

  static CausalRun hostile() {
    List<Truth> truths =
        List.of(
            new Truth(HOSTILE, 0.3, Shape.RISING, s -> 0.3 * s, HOSTILE),
            new Truth("b", Double.NaN, Shape.FLAT, s -> Double.NaN, ""));
    ProgressProfile one = progress(HOSTILE, Measure.THROUGHPUT, truths, 10);
    ProgressProfile two =
        new ProgressProfile(
            HOSTILE,
            Measure.LATENCY_P50,
            Double.NaN,
            one.baselineInterval(),
            List.of(),
            one.control(),
            HOSTILE);
    Quality q = new Quality(Double.NaN, 0, 0, 0, 1, 0, 0, List.of(HOSTILE));
    CausalRun run = run(List.of(one, two), q, false, observations(truths));
    List<Observation> renamed =
        run.observations().stream().map(o -> o.withVisits(hostile(o.visits()))).toList();
    return new CausalRun(HOSTILE, run.facts(), renamed, run.profile());
  }

  private static List<Visits> hostile(List<Visits> visits) {
    Visits v = visits.getFirst();
    return List.of(new Visits(HOSTILE, v.count(), v.firstNanos(), v.lastNanos(), v.latencies()));
  }

  /** It ended before anything was analysed. */
  static CausalRun unfinished() {
    return new CausalRun("redis-server (4242)", facts(), observations(TRUTHS), Optional.empty());
  }

  /** Nothing was tried. */
  static CausalRun withoutExperiments() {
    return run(
        List.of(),
        new Quality(0, 0, 0, 0, 0, 0, 0, List.of("no experiment was made in 3 s")),
        false,
        List.of());
  }

  private static CausalRun run(
      List<ProgressProfile> progress, Quality quality, boolean settled, List<Observation> seen) {
    return new CausalRun(
        "redis-server (4242)",
        facts(),
        seen,
        Optional.of(new CausalProfile(progress, quality, settled)));
  }

  static RunFacts facts() {
    return new RunFacts(
        "signal",
        42,
        TRUTHS.stream().map(t -> new RunFacts.Region(t.region(), "redis-server+0x1000")).toList(),
        List.of(new RunFacts.Point(POINT, 600), new RunFacts.Point(TIMED, 1200)),
        SPEEDUPS,
        Looks.quarters(START, 67_000_000_000L),
        Map.of("max-slowdown", "20%", "abort-if", "p99>50ms"));
  }

  static ProgressProfile progress(
      String point, Measure measure, List<Truth> truths, double baseline) {
    Random random = new Random(1);
    List<SpeedupCurve> curves = new ArrayList<>();
    for (Truth t : truths) {
      List<CurvePoint> points = new ArrayList<>();
      double sum = 0;
      for (double s : SPEEDUPS) {
        double effect = t.effect().applyAsDouble(s) + 0.003 * random.nextGaussian();
        double half = 0.012 + 0.008 * s;
        sum += effect;
        points.add(
            new CurvePoint(s, effect, new Interval(effect - half, effect + half), 19_000, 11));
      }
      double impact = sum / SPEEDUPS.size();
      boolean significant = Math.abs(impact) > 0.02;
      curves.add(
          new SpeedupCurve(
              t.region(),
              t.samples(),
              points,
              impact,
              new Interval(impact - 0.011, impact + 0.011),
              significant ? 0.0002 : 0.4,
              significant,
              t.shape(),
              t.shape() == Shape.PLATEAU ? 0.5 : Double.NaN,
              t.remark()));
    }
    return new ProgressProfile(
        point,
        measure,
        baseline,
        new Interval(baseline * 0.993, baseline * 1.006),
        curves,
        new CurvePoint(0.5, 0.002, new Interval(-0.009, 0.012), 41_000, 21),
        "");
  }

  /** Blocks of all arms; progress is what the truths say, give or take a percent. */
  static List<Observation> observations(List<Truth> truths) {
    Random random = new Random(7);
    List<Observation> all = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      all.add(observation(block, all.size(), Arm.BASELINE, 0, random));
      all.add(observation(block, all.size(), Arm.control(0.5), 0, random));
      for (Truth t : truths) {
        for (double s : SPEEDUPS) {
          double effect = t.effect().applyAsDouble(s);
          all.add(
              observation(
                  block,
                  all.size(),
                  Arm.speedup(t.region(), s),
                  Double.isFinite(effect) ? effect : 0,
                  random));
        }
      }
    }
    all.set(3, all.get(3).flawed("stolen CPU"));
    return all;
  }

  private static Observation observation(
      int block, int index, Arm arm, double effect, Random random) {
    long start = START + index * 200_000_000L;
    double period = PERIOD_NANOS * (1 - effect) * (1 + 0.01 * random.nextGaussian());
    long count = 8000 + random.nextInt(500);
    long last = start + 1000 + Math.round((count - 1) * period);
    List<Long> buckets = new ArrayList<>(Collections.nCopies(Latencies.BUCKETS, 0L));
    long total = 0;
    for (int i = 0; i < 300; i++) {
      long nanos = 700_000L + random.nextInt(200_000);
      total += nanos;
      buckets.set(Latencies.bucket(nanos), buckets.get(Latencies.bucket(nanos)) + 1);
    }
    Visits visits = new Visits(POINT, count, start + 1000, last, Latencies.NONE);
    Visits timed =
        new Visits(TIMED, 300, start + 5, start + 9, new Latencies(2, 300, total, buckets));
    return new Observation(
        block,
        index,
        arm,
        start,
        190_000_000L,
        (long) (arm.speedup() * 1e7),
        760,
        90,
        arm.region().isEmpty() ? 0 : 120,
        380_000_000L,
        180_000_000L,
        5_000_000L,
        1_000_000L,
        2,
        1_840_000L,
        212_000L,
        List.of(visits, timed),
        "");
  }
}
