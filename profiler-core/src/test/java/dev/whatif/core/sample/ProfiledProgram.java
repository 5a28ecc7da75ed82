package dev.whatif.core.sample;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import dev.whatif.core.recording.Frame;
import dev.whatif.core.recording.Recorder;
import dev.whatif.core.recording.RecorderOptions;
import dev.whatif.core.recording.Recording;
import dev.whatif.core.recording.Sample;
import dev.whatif.core.symbol.Symbolizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A program that was launched, profiled to its end, and what the recording says. */
record ProfiledProgram(Path file, int pid, CpuProfileSummary summary, List<Sample> samples) {

  static ProfiledProgram run(Path file, CpuProfileOptions options, String... command)
      throws Exception {
    Spawn child = Spawn.held(List.of(command), SpawnHeader.Files.INHERITED);
    CpuProfileSummary summary;
    try (Recorder recorder = Recorder.create(file, RecorderOptions.DEFAULT);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard());
        CpuProfiler profiler =
            CpuProfiler.start(Target.launched(child), options, recorder, symbolizer)) {
      child.release();
      if (!profiler.awaitEnd(Duration.ofSeconds(90))) {
        throw new AssertionError(String.join(" ", command) + " does not end");
      }
      summary = profiler.stop();
    } finally {
      child.stop(Duration.ZERO);
    }
    try (Recording recording = Recording.open(file)) {
      return new ProfiledProgram(file, child.pid(), summary, recording.samples().toList());
    }
  }

  /** The functions of a sample, the leaf first, joined by blanks. */
  static String stack(Sample sample) {
    return sample.frames().stream().map(Frame::function).collect(Collectors.joining(" "));
  }

  /** Of the samples in these functions or what they call, how many were in this one. */
  double share(String function, List<String> functions) {
    return (double) with(function) / functions.stream().mapToLong(this::with).sum();
  }

  static String leaf(Sample sample) {
    return sample.frames().isEmpty() ? "" : sample.frames().getFirst().function();
  }

  /** How many have a function anywhere in their stack. */
  long with(String function) {
    return samples.stream()
        .filter(s -> s.frames().stream().anyMatch(f -> f.function().equals(function)))
        .count();
  }
}
