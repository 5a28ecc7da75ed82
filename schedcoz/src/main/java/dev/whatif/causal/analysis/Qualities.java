package dev.whatif.causal.analysis;

import static dev.whatif.causal.analysis.Refusals.text;

import dev.whatif.causal.experiment.Arm;
import dev.whatif.causal.experiment.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sums up how a run went. */
final class Qualities {

  private static final double CONTENDED = 0.1;
  private static final double KERNEL = 0.3;
  private static final double SATURATED = 0.9;
  private static final double DISCARDED = 0.2;
  private static final int FEW_BLOCKS = 8;

  private Qualities() {}

  /**
   * Sums up.
   *
   * @param observations all, those that are discarded included
   * @param controls warnings of experiments that should show nothing
   */
  static Quality of(List<Observation> observations, List<String> controls) {
    List<Observation> usable = observations.stream().filter(Observation::usable).toList();
    Sums all = new Sums();
    Sums baseline = new Sums();
    for (Observation seen : usable) {
      all.add(seen);
      if (seen.arm().kind() == Arm.Kind.BASELINE) {
        baseline.add(seen);
      }
    }
    int discarded = observations.size() - usable.size();
    double contention = share(all.stolen, all.stolen + all.cpu);
    double kernel = share(all.kernelSamples, all.samples);
    List<String> warnings = new ArrayList<>(controls);
    if (contention > CONTENDED) {
      warnings.add(
          text(
              "other programs had the CPU in %.0f %% of the time that the target wanted it:"
                  + " intervals are wider for it; stop them, or give the target CPUs of its own",
              100 * contention));
    }
    if (kernel > KERNEL) {
      warnings.add(
          text(
              "%.0f %% of the samples lie in the kernel, where nothing is made faster: what system"
                  + " calls cost is in no region; see a CPU profile for them",
              100 * kernel));
    }
    double busiest = share(baseline.busiest, baseline.wall - baseline.stolen);
    if (busiest > SATURATED && share(baseline.busiest, baseline.cpu) > SATURATED) {
      warnings.add(
          "one thread does all the work and never waits: making code faster saves what a CPU"
              + " profile shows for it; take the whole system into scope, clients too, to learn"
              + " more");
    }
    if (discarded > DISCARDED * observations.size()) {
      warnings.add(
          text(
              "%d of %d experiments were discarded, mostly because %s",
              discarded, observations.size(), commonest(observations)));
    }
    long blocks = usable.stream().mapToInt(Observation::block).distinct().count();
    if (blocks < FEW_BLOCKS) {
      warnings.add(
          text(
              "intervals rest on %d blocks of experiments; from %d on they can be relied on: run"
                  + " for longer or try fewer regions",
              blocks, FEW_BLOCKS));
    }
    return new Quality(
        contention,
        kernel,
        all.debt,
        usable.isEmpty() ? 0 : all.meanDebt / usable.size(),
        usable.size(),
        discarded,
        share(all.frozen, all.wall),
        warnings);
  }

  private static String commonest(List<Observation> observations) {
    return observations.stream()
        .filter(seen -> !seen.usable())
        .collect(Collectors.groupingBy(Observation::flaw, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  private static double share(double part, double whole) {
    return whole > 0 ? Math.min(part / whole, 1) : 0;
  }

  private static final class Sums {
    private double stolen;
    private double cpu;
    private double wall;
    private double frozen;
    private double busiest;
    private double samples;
    private double kernelSamples;
    private long debt;
    private long meanDebt;

    void add(Observation seen) {
      stolen += seen.stolenNanos();
      cpu += seen.cpuNanos();
      wall += seen.wallNanos();
      frozen += seen.frozenNanos();
      busiest += seen.busiestNanos();
      samples += seen.samples();
      kernelSamples += seen.kernelSamples();
      debt = Math.max(debt, seen.debtNanos());
      meanDebt += seen.meanDebtNanos();
    }
  }
}
