package dev.whatif.samples.benchmark;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.account.SamplingPeriod;
import dev.whatif.core.command.Subcommand;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.TargetCode;
import dev.whatif.ebpf.kernel.EventPlace;
import dev.whatif.samples.program.SourceFolder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the accounting of causal experiments costs while nobody is delayed: a hand-over between two
 * threads, a visit of a progress point, an operation of Redis and of SQLite, and what it takes from
 * processes that are not profiled. Everything is measured as CPU time, alternately with it and
 * without, in mirrored blocks.
 */
@Command(
    name = "causal-cost",
    mixinStandardHelpOptions = true,
    description = "What the accounting of causal profiles costs.",
    footer = {
      "",
      "Try:  whatif benchmark causal-cost --short",
      "      whatif benchmark causal-cost --only wakes,visits --blocks 40"
    })
final class CausalCost implements Subcommand {

  /** What can be measured. */
  enum Part {
    WAKES,
    VISITS,
    OTHERS,
    REDIS,
    SQLITE
  }

  @Option(names = "--blocks", description = "mirrored blocks (default: ${DEFAULT-VALUE})")
  int blocks = 20;

  @Option(names = "--short", description = "three blocks of small loads: whether it works at all")
  boolean brief;

  @Option(
      names = "--only",
      split = ",",
      description = "of ${COMPLETION-CANDIDATES} (default: all of them)")
  List<Part> parts = List.of(Part.values());

  @Option(names = "--cpu", description = "for threads in scope (default: ${DEFAULT-VALUE})")
  int cpu = 1;

  @Option(
      names = "--kinds",
      split = ",",
      description = "of hand-overs: ${DEFAULT-VALUE}",
      defaultValue = "pipe,futex,tcp")
  List<String> kinds = List.of();

  /** A measurement, nanoseconds an operation. */
  private interface Measured {
    double nanos() throws IOException, InterruptedException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    blocks = brief ? 3 : blocks;
    AccountingOptions unsampled = AccountingOptions.DEFAULT.withPeriod(0);
    SamplingPeriod chosen = SamplingPeriod.calibrate();
    System.out.printf(
        Locale.ROOT,
        "a tick costs %.1f us here: sampled every %.0f us%n",
        chosen.tickNanos() / 1e3,
        chosen.nanos() / 1e3);
    AccountingOptions sampled = AccountingOptions.DEFAULT.withPeriod(chosen.nanos());
    try (SourceFolder folder = SourceFolder.open("whatif-cost-")) {
      for (Part part : parts) {
        switch (part) {
          case WAKES -> wakes(folder, unsampled, sampled);
          case VISITS -> visits(folder, unsampled);
          case OTHERS -> others(folder, sampled);
          case REDIS -> {
            try (RedisCost redis = new RedisCost(brief)) {
              compare("redis, an operation", redis::nanos, redis.pid(), 1, unsampled, sampled);
            }
          }
          case SQLITE -> {
            try (SqliteCost sqlite = new SqliteCost(brief)) {
              compare("sqlite, a transaction", sqlite::nanos, sqlite.pid(), 1, unsampled, sampled);
            }
          }
        }
      }
    }
    return 0;
  }

  private void wakes(SourceFolder folder, AccountingOptions unsampled, AccountingOptions sampled)
      throws IOException, InterruptedException {
    for (String kind : kinds) {
      try (CostProgram program = CostProgram.start(folder, kind, cpu)) {
        compare(
            kind + ", a wake and a switch",
            program::nanosPerRound,
            program.pid(),
            2,
            unsampled,
            sampled);
      }
    }
  }

  /** A round of anything, with the accounting but without samples, and with samples. */
  private void compare(
      String name,
      Measured round,
      int pid,
      int operations,
      AccountingOptions first,
      AccountingOptions second)
      throws IOException, InterruptedException {
    AddedCost withFirst = new AddedCost();
    AddedCost withSecond = new AddedCost();
    QuietRuns alone = new QuietRuns();
    boolean both = !first.equals(second);
    for (int i = 0; i < blocks; i++) {
      double base = alone.note(round.nanos() / operations);
      double one = both ? accounted(first, pid, round) : 0;
      double two = accounted(second, pid, round) + accounted(second, pid, round);
      one += both ? accounted(first, pid, round) : 0;
      base += alone.note(round.nanos() / operations);
      withFirst.add(one / 2 / operations, base / 2);
      withSecond.add(two / 2 / operations, base / 2);
    }
    System.out.println(name + ": alone " + alone);
    if (both) {
      System.out.println("  followed              " + withFirst);
    }
    System.out.println("  followed and sampled  " + withSecond);
  }

  private static double accounted(AccountingOptions options, int pid, Measured round)
      throws IOException, InterruptedException {
    try (Accounting accounting = Accounting.start(options)) {
      if (pid > 0) {
        accounting.admit(pid);
      }
      accounting.begin(-1, 0, 0);
      return round.nanos();
    }
  }

  /** Who is not in scope. */
  private void others(SourceFolder folder, AccountingOptions sampled)
      throws IOException, InterruptedException {
    for (String kind : List.of("spin", "pipe")) {
      try (CostProgram program = CostProgram.start(folder, kind, cpu)) {
        AccountingOptions unsampled = sampled.withPeriod(0);
        compare("out of scope: " + kind, program::nanosPerRound, 0, 1, unsampled, sampled);
      }
    }
  }

  private void visits(SourceFolder folder, AccountingOptions unsampled)
      throws IOException, InterruptedException {
    for (String kind : List.of("nop", "entry", "call", "rename")) {
      try (CostProgram program = CostProgram.start(folder, kind, cpu)) {
        AddedCost added = new AddedCost();
        for (int i = 0; i < blocks; i++) {
          double base = program.nanosPerRound();
          double visited = visited(program, kind, unsampled) + visited(program, kind, unsampled);
          base += program.nanosPerRound();
          added.add(visited / 2, base / 2);
        }
        System.out.println("a visit, " + kind + ":  " + added);
      }
    }
  }

  private static double visited(CostProgram program, String kind, AccountingOptions options)
      throws IOException {
    try (Accounting accounting = Accounting.start(options)) {
      accounting.admit(program.pid());
      switch (kind) {
        case "call" ->
            accounting
                .object()
                .attach(
                    "visit_tracepoint",
                    new EventPlace.Tracepoint("syscalls", "sys_enter_getppid"),
                    0);
        case "rename" ->
            accounting
                .object()
                .attach("visit_tracepoint", new EventPlace.Tracepoint("task", "task_rename"), 0);
        default ->
            accounting
                .object()
                .attach(
                    "visit_instruction",
                    new EventPlace.Uprobe(
                        program.file().toString(),
                        offset(program, "visited_" + kind),
                        false,
                        -1,
                        0),
                    0);
      }
      accounting.begin(-1, 0, 0);
      double nanos = program.nanosPerRound();
      if (accounting.visits(0).count() == 0) {
        throw new IllegalStateException("no visit of " + kind + " was counted");
      }
      return nanos;
    }
  }

  private static long offset(CostProgram program, String function) {
    List<Integer> pids = List.of(program.pid());
    try (TargetCode code = TargetCode.of(pids, DebugFiles.standard())) {
      return code.sites(Place.parse(function)).getFirst().offset();
    }
  }
}
