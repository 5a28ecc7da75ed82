package dev.whatif.core.report;

import dev.whatif.core.recording.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One line per stack, outermost function first, separated by semicolons, then a blank and the
 * number of samples: what flamegraph.pl, speedscope and inferno read. Lines are sorted, so that two
 * of them can be compared; stacks that differ only in lines are one.
 */
public final class CollapsedStacks implements RecordingExport {

  /** Without state. */
  public CollapsedStacks() {}

  @Override
  public String format() {
    return "collapsed";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public void write(StackCounts stacks, OutputStream out) throws IOException {
    Map<String, Long> lines = new TreeMap<>();
    stacks.counts().forEach((frames, n) -> lines.merge(line(frames), n, Long::sum));
    for (Map.Entry<String, Long> line : lines.entrySet()) {
      out.write((line.getKey() + " " + line.getValue() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String line(List<Frame> frames) {
    return frames.reversed().stream()
        .map(f -> Terminal.clean(ProfileReading.shown(f).function()).replace(';', ','))
        .collect(Collectors.joining(";"));
  }
}
