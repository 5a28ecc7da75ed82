package dev.whatif.samples.benchmark;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.samples.truth.TruthProgram;
import dev.whatif.samples.truth.Workshop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Coz 0.2 (Debian's {@code coz-profiler}) on a program of the suite, on Coz's terms: recompiled
 * with its progress point and the debug information that it can read, started under it, with the
 * very line of X and one speedup at a time, so that no time is lost on others.
 */
final class CozPeer {

  private static final String[] FLAGS = {
    "-DWITH_COZ", "-gdwarf-4", "-gno-variable-location-views", "-ldl"
  };

  private final Workshop workshop;
  private final double seconds;

  /** With this much time in all for each program. */
  CozPeer(Workshop workshop, double seconds) {
    this.workshop = workshop;
    this.seconds = seconds;
  }

  /**
   * Runs it.
   *
   * @param speedups of X, each above 0
   * @throws UnavailableException when Coz or its header is not installed
   */
  CozProfile of(TruthProgram program, List<Double> speedups)
      throws IOException, InterruptedException {
    Path executable = workshop.compiled(program, FLAGS);
    CozProfile profile = new CozProfile();
    List<Integer> percents = new ArrayList<>(List.of(0));
    speedups.forEach(s -> percents.add((int) Math.round(s * 100)));
    for (int percent : percents) {
      Path file = Files.createTempFile("whatif-coz-", ".coz");
      try {
        run(executable, program, percent, seconds / percents.size(), file);
        profile.add(Files.readAllLines(file));
      } finally {
        Files.deleteIfExists(file);
      }
    }
    return profile;
  }

  private static void run(
      Path executable, TruthProgram program, int percent, double seconds, Path file)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("coz", "run", "-o", file.toString()));
    // X may be in a library, which is out of Coz's scope otherwise.
    command.addAll(List.of("--binary-scope", "MAIN", "--binary-scope", "%region.so"));
    command.addAll(List.of("--fixed-line", Workshop.regionLine(program)));
    command.addAll(List.of("--fixed-speedup", "" + percent, "---", executable.toString()));
    command.addAll(List.of("--seconds", String.format(Locale.ROOT, "%.2f", seconds)));
    command.addAll(program.arguments());
    Spawn coz = Spawn.running(command, new SpawnHeader.Files(List.of(), "/dev/null"));
    long deadline = System.nanoTime() + (long) ((2 * seconds + 30) * 1e9);
    while (coz.running() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    coz.stop(Duration.ZERO); // under Coz, some programs with several processes never end
  }
}
