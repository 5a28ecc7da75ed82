package dev.whatif.core.command;

import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Target;
import dev.whatif.core.sample.CpuProfileOptions;
import dev.whatif.core.sample.CpuProfileSummary;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code whatif record} tells at its end. */
record RecordSummary(
    Path file,
    Target target,
    CpuProfileOptions options,
    CpuProfileSummary profile,
    Optional<Wait.Status> status) {

  static final String SCHEMA = "whatif.record/1";

  /** For people; the last line is the recording. */
  void print(PrintStream out) {
    CpuProfileSummary p = profile;
    status.ifPresent(s -> out.println(target.name() + " " + describe(s)));
    out.printf(
        Locale.ROOT,
        "%,d samples in %.2f s of CPU time (%.1f s by the clock, %d Hz), %,d lost;"
            + " whatif took %.2f s%n",
        p.samples(),
        p.targetCpuNanos() / 1e9,
        p.wallNanos() / 1e9,
        options.rateHz(),
        p.lost(),
        p.ownCpuNanos() / 1e9);
    if (status.isPresent() && p.targetCpuNanos() == 0) {
      out.println(
          "  nothing was measured: it did not run, or the kernel does not let this user watch it"
              + " (a file that is set-uid, or not readable)");
    }
    if (!p.kernelPermitted() && p.expected() >= 1) {
      out.printf(
          Locale.ROOT,
          "  %.1f%% of the CPU time was in the kernel, where samples need root or"
              + " perf_event_paranoid=1%n",
          100 * p.kernelShare());
    }
    if (p.missed() > Math.max(10, p.expected() / 100)) {
      out.printf(
          Locale.ROOT,
          "  %,d samples were not made: timers came late (as in virtual machines)%n",
          p.missed());
    }
    if (p.lost() > 0) {
      out.println(
          p.throttled() == p.lost()
              ? "  lost: the kernel held the timers back; take a lower --rate"
              : "  lost: the ring was full; take a lower --rate or a smaller --stack-size");
    }
    if (p.truncated() * 20 > p.samples()) {
      out.printf(
          Locale.ROOT,
          "  %,d stacks are cut: deeper than --stack-size (%d), or through code without unwind"
              + " tables (doctor --pid tells)%n",
          p.truncated(),
          options.stackBytes());
    }
    out.println(file);
  }

  private static String describe(Wait.Status status) {
    return status.exited()
        ? "ended with exit status " + status.exitStatus()
        : "was ended by signal " + status.signal();
  }

  /** For programs. */
  String json() {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode root = mapper.createObjectNode();
    CpuProfileSummary p = profile;
    root.put("schema", SCHEMA);
    root.put("recording", file.toString());
    root.put("target", target.name());
    root.put("pid", target.leader());
    status.ifPresent(s ->
        root.put(
            s.exited() ? "exitStatus" : "endedBySignal", s.exited() ? s.exitStatus() : s.signal()));
    root.put("rateHz", options.rateHz());
    root.put("stacks", options.stacks().name().toLowerCase(Locale.ROOT));
    root.put("samples", p.samples());
    root.put("kernelSamples", p.kernelSamples());
    root.put("truncated", p.truncated());
    root.put("lost", p.lost());
    root.put("throttled", p.throttled());
    root.put("missed", p.missed());
    root.put("unseenKernel", p.unseenKernel());
    if (p.expected() >= 1) {
      root.put("kernelShare", p.kernelShare());
    }
    root.put("kernelPermitted", p.kernelPermitted());
    root.put("targetCpuNanos", p.targetCpuNanos());
    root.put("periodNanos", p.periodNanos());
    root.put("wallNanos", p.wallNanos());
    ObjectNode cost = root.putObject("cost");
    cost.put("drainCpuNanos", p.drainCpuNanos());
    cost.put("writeCpuNanos", p.writeCpuNanos());
    cost.put("totalCpuNanos", p.ownCpuNanos());
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
