package dev.whatif.core.report;

import dev.whatif.core.recording.Frame;
import dev.whatif.core.recording.FrameType;
import dev.whatif.core.recording.Sample;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Counts the samples of a recording into a {@link Profile}. A stack is taken apart once, not once
 * per sample: samples of the same stack share the list of frames. Confined to one thread.
 */
public final class ProfileReading {

  private static final int REMEMBERED = 50_000;

  private final ReportFilter filter;
  private final ProfileCounter counter = new ProfileCounter();
  private final IdentityHashMap<List<Frame>, ProfileCounter.Stack> whole = new IdentityHashMap<>();
  private final IdentityHashMap<List<Frame>, ProfileCounter.Stack> truncated =
      new IdentityHashMap<>();

  /** Counts what the filter accepts. */
  public ProfileReading(ReportFilter filter) {
    this.filter = filter;
  }

  /** Whose samples are counted. */
  public ReportFilter filter() {
    return filter;
  }

  /** Counts one sample. */
  public void add(Sample sample) {
    if (!filter.accepts(sample.thread())) {
      counter.filteredOut();
      return;
    }
    counter.sample(sample.thread(), stack(sample.frames(), sample.truncated()));
  }

  /** What was counted so far. */
  public Profile profile() {
    return counter.profile();
  }

  private ProfileCounter.Stack stack(List<Frame> frames, boolean isTruncated) {
    IdentityHashMap<List<Frame>, ProfileCounter.Stack> known = isTruncated ? truncated : whole;
    ProfileCounter.Stack stack = known.get(frames);
    if (stack == null) {
      if (known.size() >= REMEMBERED) {
        known.clear();
      }
      List<ProfileFrame> shown = new ArrayList<>(frames.size());
      frames.forEach(f -> shown.add(shown(f)));
      stack = counter.stack(shown, isTruncated);
      known.put(frames, stack);
    }
    return stack;
  }

  /** How a frame is shown: a Java frame names its class, and the class its file. */
  static ProfileFrame shown(Frame f) {
    boolean kernel = f.type() == FrameType.KERNEL;
    if (!isJava(f)) {
      return new ProfileFrame(f.function(), f.object(), f.sourceFile(), f.line(), kernel);
    }
    int dot = f.object().lastIndexOf('.');
    String simple = f.object().substring(dot + 1);
    int dollar = simple.indexOf('$');
    String topLevel = dollar > 0 ? simple.substring(0, dollar) : simple;
    String folder = f.object().substring(0, dot + 1).replace('.', '/');
    return new ProfileFrame(
        simple + "." + f.function(),
        dot < 0 ? "" : f.object().substring(0, dot),
        folder + topLevel + ".java",
        f.line(),
        kernel);
  }

  /** Java frames have a class where others have an object file, and never a source path. */
  private static boolean isJava(Frame f) {
    boolean managed =
        switch (f.type()) {
          case INTERPRETED, JIT_COMPILED, C1_COMPILED, INLINED -> true;
          case NATIVE, CPP, KERNEL -> false;
        };
    return managed
        && f.sourceFile().isEmpty()
        && !f.object().isEmpty()
        && !f.object().endsWith(".map")
        && !f.object().startsWith("[");
  }
}
