package dev.whatif.core.unwind;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.symbol.FrameKind;
import dev.whatif.core.symbol.SourceFrame;
import dev.whatif.core.symbol.Symbolizer;
import dev.whatif.testing.GdbStop;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of a backtrace, as both sides tell it.
 *
 * @param pc of the physical frame that it belongs to
 * @param inlined into the next one
 * @param name see {@link PlainName}
 * @param file its last component; "" when not known
 * @param line 0 when not known
 */
record LogicalFrame(long pc, boolean inlined, String name, String file, int line) {

  /** What gdb says. */
  static List<LogicalFrame> of(GdbStop stop) {
    return stop.logical().stream()
        .map(f -> new LogicalFrame(f.pc(), f.inlined(), f.name(), baseName(f.file()), f.line()))
        .toList();
  }

  /** What we say. */
  static List<LogicalFrame> of(StackFrames frames, Symbolizer symbolizer, AddressSpace space) {
    List<LogicalFrame> result = new ArrayList<>();
    for (int i = 0; i < frames.depth(); i++) {
      long pc = frames.pc(i);
      for (SourceFrame f : symbolizer.resolve(space, pc, frames.exact(i))) {
        boolean inlined = f.kind() == FrameKind.INLINED;
        result.add(new LogicalFrame(pc, inlined, f.function(), baseName(f.file()), f.line()));
      }
    }
    return result;
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    String text = name.length() > 100 ? name.substring(0, 100) + "..." : name;
    return "%x%s %s (%s:%d)".formatted(pc, inlined ? " inlined" : "", text, file, line);
  }
}
