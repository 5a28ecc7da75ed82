package dev.whatif.samples.benchmark;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Spawn;
import dev.whatif.samples.truth.TruthProcess;
import dev.whatif.samples.truth.TruthProgram;
import dev.whatif.samples.truth.Workshop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code whatif causal} on a program of the suite, as a user would start it: a process of its own,
 * of this very program.
 *
 * @param seconds of experiments
 * @param speedups in percent
 * @param seed of the first run; later ones count up
 * @param more arguments for it
 */
record CausalRun(double seconds, List<Integer> speedups, long seed, List<String> more) {

  /** Attaching, compiling its own code, and ending. */
  private static final double BESIDES_SECONDS = 60;

  private static final Duration BEGUN = Duration.ofMillis(300);

  /** stdout is the answer, stderr the reason when there is none. */
  private static final String TWO_FILES = "exec \"$@\" >\"$0\" 2>\"$0.errors\"";

  CausalAnswer of(TruthProgram program, Workshop workshop)
      throws IOException, InterruptedException {
    Path answer = Files.createTempFile("whatif-causal-", ".json");
    try (TruthProcess target = workshop.start(program, 1, seconds + BESIDES_SECONDS)) {
      Thread.sleep(BEGUN);
      List<String> command =
          new ArrayList<>(List.of("/bin/sh", "-c", TWO_FILES, answer.toString()));
      command.addAll(whatif());
      command.addAll(arguments(program, target.pid()));
      return read(command, answer, program);
    } finally {
      Files.deleteIfExists(answer);
      Files.deleteIfExists(errors(answer));
    }
  }

  private CausalAnswer read(List<String> command, Path answer, TruthProgram program)
      throws IOException, InterruptedException {
    Spawn causal = Spawn.running(command, SpawnHeader.Files.INHERITED);
    try {
      while (causal.running()) {
        Thread.sleep(20);
      }
    } finally {
      causal.stop(Duration.ofSeconds(5));
    }
    Wait.Status end = causal.ended().orElseThrow();
    if (!end.exited() || end.exitStatus() != 0) {
      throw new UnavailableException(
          "whatif causal on %s: %s".formatted(program.name(), firstLine(errors(answer))));
    }
    return CausalAnswer.parse(Files.readString(answer), program.region());
  }

  List<String> arguments(TruthProgram program, int pid) {
    List<String> arguments = new ArrayList<>(List.of("causal", "--json", "--quiet"));
    arguments.addAll(List.of("-d", Math.round(seconds * 1000) + "ms", "--tree", "" + pid));
    arguments.addAll(List.of("--progress", TruthProgram.PROGRESS, "--region", program.region()));
    String percents =
        speedups.stream().map(p -> Integer.toString(p)).collect(Collectors.joining(","));
    arguments.addAll(List.of("--speedups", "0," + percents, "--seed", "" + seed));
    arguments.addAll(more);
    return arguments;
  }

  CausalRun withSeed(long other) {
    return new CausalRun(seconds, speedups, other, more);
  }

  /** This program, by the JVM and from the jars that run now. */
  private static List<String> whatif() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String modules = System.getProperty("jdk.module.path", "");
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "--enable-native-access=dev.whatif.core",
        "--module-path",
        modules,
        "--add-modules",
        "ALL-MODULE-PATH",
        "-m",
        "dev.whatif.core/dev.whatif.core.command.Main");
  }

  private static Path errors(Path answer) {
    return Path.of(answer + ".errors");
  }

  private static String firstLine(Path errors) throws IOException {
    return Files.readString(errors)
        .lines()
        .filter(l -> l.startsWith("whatif:"))
        .findFirst()
        .orElse("it ended without an answer");
  }
}
