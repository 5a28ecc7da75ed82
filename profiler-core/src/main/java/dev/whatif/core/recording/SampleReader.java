package dev.whatif.core.recording;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordedThreadGroup;
import org.jspecify.annotations.Nullable;

/**
 * Makes samples of the JDK's events, with defaults for what other writers leave out. Not safe for
 * use by several threads.
 */
final class SampleReader {

  private static final int REMEMBERED = 50_000;

  private record Stack(List<Frame> frames, boolean truncated) {}

  private static final Stack NO_STACK = new Stack(List.of(), false);

  // The JDK's reader hands out one object for one constant of a chunk.
  private final IdentityHashMap<RecordedStackTrace, Stack> stacks = new IdentityHashMap<>();
  private final IdentityHashMap<RecordedThread, SampledThread> threads = new IdentityHashMap<>();

  Sample sample(RecordedEvent event) {
    Stack stack = stack(event.getStackTrace());
    return new Sample(
        event.getStartTime(),
        thread(event.getThread("sampledThread")),
        stack.frames(),
        stack.truncated(),
        state(stack.frames()));
  }

  private static SampleState state(List<Frame> frames) {
    return !frames.isEmpty() && frames.getFirst().type() == FrameType.KERNEL
        ? SampleState.KERNEL
        : SampleState.USER;
  }

  private SampledThread thread(@Nullable RecordedThread thread) {
    if (thread == null) {
      return SampledThread.UNKNOWN;
    }
    SampledThread known = threads.get(thread);
    if (known == null) {
      if (threads.size() >= REMEMBERED) {
        threads.clear();
      }
      String java = thread.getJavaName();
      int processId = thread.hasField("processId") ? (int) thread.getLong("processId") : 0;
      known =
          new SampledThread(
              processId,
              processName(thread.getThreadGroup(), processId),
              (int) Math.max(0, thread.getOSThreadId()),
              java != null ? java : orEmpty(thread.getOSName()));
      threads.put(thread, known);
    }
    return known;
  }

  /** The group of a thread stands for its process, {@link ThreadTable#groupName}. */
  private static String processName(@Nullable RecordedThreadGroup group, int processId) {
    String name = group == null ? "" : orEmpty(group.getName());
    String suffix = ThreadTable.groupSuffix(processId);
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : "";
  }

  private Stack stack(@Nullable RecordedStackTrace trace) {
    if (trace == null) {
      return NO_STACK;
    }
    Stack known = stacks.get(trace);
    if (known == null) {
      if (stacks.size() >= REMEMBERED) {
        stacks.clear();
      }
      List<Frame> frames = new ArrayList<>(trace.getFrames().size());
      for (RecordedFrame frame : trace.getFrames()) {
        frames.add(frame(frame));
      }
      known = new Stack(List.copyOf(frames), trace.isTruncated());
      stacks.put(trace, known);
    }
    return known;
  }

  private static Frame frame(RecordedFrame frame) {
    RecordedMethod method = frame.getMethod();
    RecordedClass type = method == null ? null : method.getType();
    return new Frame(
        type == null ? "" : object(type),
        method == null ? "" : orEmpty(method.getName()),
        type == null ? "" : text(type, "sourceFile"),
        Math.max(0, frame.getLineNumber()),
        Math.max(0, frame.getBytecodeIndex()),
        FrameType.of(orEmpty(frame.getType())));
  }

  private static String object(RecordedClass type) {
    String name = text(type, "name");
    return type.hasField("sourceFile") ? ObjectName.fromClass(name) : name.replace('/', '.');
  }

  private static String text(RecordedObject object, String field) {
    return object.hasField(field) ? orEmpty(object.getString(field)) : "";
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
