package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.samples.truth.TruthProgram;
import dev.whatif.samples.truth.TruthSuite;
import dev.whatif.samples.truth.Workshop;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What {@code whatif causal} predicts beside what is true, on programs whose region can really be
 * made faster, and beside what Coz says.
 *
 * <p>The truth wants two free CPUs: other load changes it, and not only its noise.
 */
@Command(
    name = "causal-truth",
    mixinStandardHelpOptions = true,
    description = "Causal predictions beside the truth, and beside Coz.",
    footer = {
      "",
      "Try:  whatif benchmark causal-truth --few --seconds 10",
      "      whatif benchmark causal-truth --coz lock plateau"
    })
final class CausalTruth implements Subcommand {

  @Parameters(paramLabel = "PROGRAM", arity = "0..*", description = "which ones (default: all)")
  List<String> names = List.of();

  @Option(names = "--few", description = "three programs only")
  boolean few;

  @Option(
      names = "--seconds",
      description = "of experiments for each program (default: ${DEFAULT-VALUE})")
  double seconds = 60;

  @Option(
      names = "--speedups",
      split = ",",
      description = "percent, each above 0 (default: ${DEFAULT-VALUE})")
  List<Integer> speedups = List.of(25, 50, 75);

  @Option(
      names = "--unit",
      paramLabel = "N",
      description =
          "iterations of a unit of work: longer or shorter rounds (default: ${DEFAULT-VALUE}, about"
              + " 0.1 ms)")
  long unit = TruthProgram.UNIT;

  @Option(names = "--repeat", description = "profiles of each program (default: ${DEFAULT-VALUE})")
  int repeat = 1;

  @Option(names = "--seed", description = "of the first profile (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(
      names = "--truth-blocks",
      description = "mirrored blocks of real runs (default: ${DEFAULT-VALUE})")
  int truthBlocks = 5;

  @Option(names = "--truth-seconds", description = "of each real run (default: ${DEFAULT-VALUE})")
  double truthSeconds = 1;

  @Option(names = "--truth-only", description = "no profiles: what theory and the machine say")
  boolean truthOnly;

  @Option(names = "--coz", description = "Coz too, with as much time")
  boolean coz;

  @Option(names = "--json", description = "print JSON")
  boolean json;

  @Option(
      names = "--causal-option",
      paramLabel = "WORD",
      description = "one more word for the command line of whatif causal; may be repeated")
  List<String> more = List.of();

  private final TruthTable table = new TruthTable();

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    if (!json) {
      TruthTable.header(System.out);
    }
    try (Workshop workshop = Workshop.open()) {
      for (TruthProgram program : chosen()) {
        Optional<String> missing = Workshop.missing(program);
        if (missing.isPresent()) {
          System.err.println(program.name() + ": left out, " + missing.get());
        } else {
          program(program, workshop);
        }
      }
    }
    if (json) {
      System.out.println(table.json());
    } else {
      table.printSummary(System.out);
    }
    return 0;
  }

  private void check() {
    boolean percents = speedups.stream().allMatch(s -> s > 0 && s <= 100);
    if (!percents
        || seconds <= 0
        || truthSeconds <= 0
        || repeat < 1
        || truthBlocks < 1
        || unit < 1) {
      throw new UsageException("lengths and counts are above 0, speedups from 1 to 100");
    }
  }

  private List<TruthProgram> chosen() {
    List<TruthProgram> programs =
        names.isEmpty()
            ? few ? TruthSuite.few() : TruthSuite.all()
            : names.stream().map(TruthSuite::named).toList();
    return programs.stream().map(program -> program.withUnit(unit)).toList();
  }

  private void program(TruthProgram program, Workshop workshop)
      throws IOException, InterruptedException {
    List<Double> shares = speedups.stream().map(p -> p / 100.0).toList();
    TruthMeasurement truth = new TruthMeasurement(workshop, program, shares);
    CozProfile peer = null;
    if (coz) {
      peer = new CozPeer(workshop, seconds).of(program, shares);
    }
    CausalRun causal = new CausalRun(seconds, speedups, seed, more);
    // Half of the truth before the profiles, half after them: the machine may have changed.
    int before = (truthBlocks + 1) / 2;
    for (int i = 0; i < before; i++) {
      truth.block(truthSeconds);
    }
    CausalAnswer[] answers = new CausalAnswer[truthOnly ? 0 : repeat];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = profile(causal.withSeed(seed + i), program, workshop);
    }
    for (int i = before; i < truthBlocks; i++) {
      truth.block(truthSeconds);
    }
    for (int run = 0; run < Math.max(1, answers.length); run++) {
      for (TruthMeasurement.Truth t : truth.truths()) {
        row(program, run, t, run < answers.length ? answers[run] : null, peer);
      }
    }
  }

  private static @Nullable CausalAnswer profile(
      CausalRun causal, TruthProgram program, Workshop workshop)
      throws IOException, InterruptedException {
    try {
      return causal.of(program, workshop);
    } catch (WhatifException e) {
      System.err.println(e.getMessage());
      return null;
    }
  }

  private void row(
      TruthProgram program,
      int run,
      TruthMeasurement.Truth truth,
      @Nullable CausalAnswer answer,
      @Nullable CozProfile peer) {
    TruthTable.Row row =
        new TruthTable.Row(
            program,
            run + 1,
            truth,
            answer == null ? null : answer.at(truth.speedup()).orElse(null),
            answer,
            peer == null ? null : peer.effect(truth.speedup()).orElse(null));
    table.add(row);
    if (!json) {
      TruthTable.print(row, System.out);
      System.out.flush();
    }
  }
}
