package dev.whatif.samples.benchmark;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.symbol.Demangler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The peer on a command of its own: {@code perf record --call-graph dwarf -- COMMAND}, read back by
 * {@code perf script}. Names are perf's; only the demangling is ours, because perf leaves off
 * parameters.
 */
final class PerfCommand {

  // "\t    7f12ab34 _Znwm (/usr/lib/x86_64-linux-gnu/libstdc++.so.6)"
  private static final Pattern FRAME = Pattern.compile("\\s+[0-9a-f]+ (.+) \\((.*)\\)");

  private PerfCommand() {}

  /** Runs the command under perf and reads what perf has seen. */
  static PeerProfile profile(List<String> command, int rateHz, Path folder)
      throws IOException, InterruptedException {
    Path data = folder.resolve("perf.data");
    List<String> perf =
        new ArrayList<>(
            List.of("perf", "record", "-q", "-e", "task-clock", "-F", "" + rateHz, "--call-graph"));
    perf.addAll(List.of("dwarf", "-o", data.toString(), "--"));
    perf.addAll(command);
    Spawn running = Spawn.running(perf, PeerComparison.OUTPUT_TO_STDERR);
    long cpuNanos = cpuUntilTheEnd(running);
    PeerProfile profile = new PeerProfile();
    read(data, profile);
    profile.cost(cpuNanos, Files.size(data));
    return profile;
  }

  /** Its own threads only: the command is a process of its own. */
  private static long cpuUntilTheEnd(Spawn perf) throws InterruptedException {
    long nanos = 0;
    try {
      while (perf.running()) {
        nanos = Math.max(nanos, CpuClock.nanos(perf.pid()));
        Thread.sleep(5);
      }
    } catch (UncheckedIOException e) {
      // It ended between the question and the look; what it did since the last one is not counted.
      while (perf.running()) {
        Thread.sleep(5);
      }
    }
    return nanos;
  }

  private static void read(Path data, PeerProfile profile)
      throws IOException, InterruptedException {
    Path text = data.resolveSibling("perf.script");
    Spawn script =
        Spawn.running(
            List.of(
                "perf",
                "script",
                "--no-inline",
                "--no-demangle",
                "-i",
                data.toString(),
                "-F",
                "ip,sym,dso"),
            new SpawnHeader.Files(List.of(), text.toString()));
    while (script.running()) {
      Thread.sleep(5);
    }
    if (script.stop(Duration.ZERO).exitStatus() != 0) {
      throw new IOException("perf script failed");
    }
    // It may name things in any encoding.
    try (BufferedReader lines = Files.newBufferedReader(text, StandardCharsets.ISO_8859_1)) {
      parse(lines, profile);
    }
    Files.delete(text);
  }

  /** Stacks are blocks of lines, the leaf first, with empty lines between them. */
  static void parse(BufferedReader lines, PeerProfile profile) throws IOException {
    List<PeerProfile.Function> stack = new ArrayList<>();
    String line = lines.readLine();
    while (line != null) {
      Matcher frame = FRAME.matcher(line);
      if (frame.matches()) {
        String path = frame.group(2);
        String object = path.substring(path.lastIndexOf('/') + 1);
        stack.add(PeerProfile.Function.of(Demangler.demangle(frame.group(1)).text(), object));
      } else {
        take(stack, profile);
      }
      line = lines.readLine();
    }
    take(stack, profile);
  }

  private static void take(List<PeerProfile.Function> stack, PeerProfile profile) {
    if (!stack.isEmpty()) {
      profile.add(stack.getFirst(), stack.getLast(), stack.size());
      stack.clear();
    }
  }
}
