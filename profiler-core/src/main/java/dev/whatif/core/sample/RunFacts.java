package dev.whatif.core.sample;

import dev.whatif.core.process.ProcTasks;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The facts of a run that a reader needs to judge it ({@code whatif.Environment}). */
final class RunFacts {

  private final Recorder recorder;
  private final CpuProfileOptions options;

  RunFacts(Recorder recorder, CpuProfileOptions options) {
    this.recorder = recorder;
    this.options = options;
  }

  /** Known before the first sample. */
  void start(Target target, boolean kernel, int cpus, long ringBytes) {
    fact("start", Instant.now().toString());
    fact("kernel", firstLine("/proc/sys/kernel/osrelease"));
    fact("cpus", Integer.toString(cpus));
    fact("load.start", firstLine("/proc/loadavg"));
    fact("mechanism", "perf task-clock");
    fact("rate", options.rateHz() + " Hz");
    fact("period.nanos", Long.toString(options.periodNanos()));
    fact("stacks", options.stacks().name().toLowerCase(Locale.ROOT));
    if (options.stacks() == StackMode.UNWIND) {
      fact("stack.bytes", Integer.toString(options.stackBytes()));
    }
    fact("ring.bytes", Long.toString(ringBytes));
    fact(
        "kernel.samples",
        kernel ? "yes" : "not permitted (perf_event_paranoid is " + Permission.paranoid() + ")");
    fact("target", target.name() + " (pid " + target.leader() + ")");
    List<Integer> pids = target.processes();
    fact("target.pids", pids.stream().map(String::valueOf).collect(Collectors.joining(",")));
    fact("target.command", command(target));
  }

  private static String command(Target target) {
    return target instanceof Target.Launched launched
        ? String.join(" ", launched.child().command())
        : ProcTasks.commandLine(target.leader());
  }

  /** Known at the end. */
  void end(CpuProfileSummary s) {
    fact("end", Instant.now().toString());
    fact("load.end", firstLine("/proc/loadavg"));
    fact("target.cpu.nanos", Long.toString(s.targetCpuNanos()));
    fact("samples.truncated", Long.toString(s.truncated()));
    fact("samples.kernel", Long.toString(s.kernelSamples()));
    fact("samples.throttled", Long.toString(s.throttled()));
    fact("samples.outoforder", Long.toString(s.outOfOrder()));
  }

  private void fact(String key, String value) {
    recorder.environment(key, value);
  }

  private static String firstLine(String file) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines.findFirst().orElse("");
    } catch (IOException | java.io.UncheckedIOException e) {
      return "unknown";
    }
  }
}
