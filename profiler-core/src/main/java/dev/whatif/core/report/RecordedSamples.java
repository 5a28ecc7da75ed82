package dev.whatif.core.report;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;

/**
 * Counts {@code jdk.ExecutionSample} events, those of whatif and those of a JVM's own recording.
 *
 * <p>The reader hands out one object per stack of a chunk, so a stack is taken apart once, not once
 * per sample.
 */
public final class RecordedSamples {

  /** The event's name. */
  public static final String EVENT = "jdk.ExecutionSample";

  private static final String KERNEL_FRAME = "Kernel";
  private static final int KEPT_STACKS = 100_000;

  private final ReportFilter filter;
  private final ProfileCounter counter = new ProfileCounter();
  private final Map<RecordedStackTrace, ProfileCounter.Stack> stacks = new IdentityHashMap<>();
  private final ProfileCounter.Stack none = counter.stack(List.of(), false);

  /** Counts what the filter accepts. */
  public RecordedSamples(ReportFilter filter) {
    this.filter = filter;
  }

  /** Counts one event. */
  public void add(RecordedEvent event) {
    RecordedThread thread = event.getThread("sampledThread");
    long processId = -1;
    long threadId = -1;
    String name = "";
    if (thread != null) {
      processId = thread.hasField("processId") ? thread.getLong("processId") : -1;
      threadId = thread.getOSThreadId();
      name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
      name = name == null ? "" : name;
    }
    if (!filter.accepts(processId, threadId, name)) {
      counter.filteredOut();
      return;
    }
    counter.sample(
        processId,
        threadId,
        name,
        stackOf(event.getStackTrace()),
        event.hasField("inKernel") && event.getBoolean("inKernel"));
  }

  /** Whose samples are counted. */
  public ReportFilter filter() {
    return filter;
  }

  /** What was counted so far. */
  public Profile profile() {
    return counter.profile();
  }

  private ProfileCounter.Stack stackOf(RecordedStackTrace trace) {
    if (trace == null) {
      return none;
    }
    ProfileCounter.Stack known = stacks.get(trace);
    if (known != null) {
      return known;
    }
    List<ProfileFrame> frames = new ArrayList<>();
    for (RecordedFrame f : trace.getFrames()) {
      frames.add(frame(f));
    }
    ProfileCounter.Stack stack = counter.stack(frames, trace.isTruncated());
    if (stacks.size() >= KEPT_STACKS) {
      stacks.clear();
    }
    stacks.put(trace, stack);
    return stack;
  }

  private static ProfileFrame frame(RecordedFrame f) {
    RecordedMethod method = f.getMethod();
    if (method == null) {
      return new ProfileFrame("[unknown]", "", "", 0, false);
    }
    RecordedClass type = method.getType();
    String object = type == null ? "" : nonNull(type.getName());
    String function = nonNull(method.getName());
    boolean kernel = KERNEL_FRAME.equals(f.getType());
    if (type != null && type.hasField("sourceFile")) {
      return new ProfileFrame(
          function, object, nonNull(type.getString("sourceFile")), f.getLineNumber(), kernel);
    }
    return javaFrame(object, function, f.getLineNumber(), kernel);
  }

  /** A frame of a JVM's own recording: the class names the file, as far as anything does. */
  private static ProfileFrame javaFrame(String className, String method, int line, boolean kernel) {
    int dot = className.lastIndexOf('.');
    String simple = className.substring(dot + 1);
    int dollar = simple.indexOf('$');
    String topLevel = dollar > 0 ? simple.substring(0, dollar) : simple;
    String folder = dot < 0 ? "" : className.substring(0, dot + 1).replace('.', '/');
    return new ProfileFrame(
        simple + "." + method,
        dot < 0 ? "" : className.substring(0, dot),
        folder + topLevel + ".java",
        line,
        kernel);
  }

  private static String nonNull(@org.jspecify.annotations.Nullable String s) {
    return s == null ? "" : s;
  }
}
