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
        state(event, stack.frames()));
  }

  private static SampleState state(RecordedEvent event, List<Frame> frames) {
    boolean kernel =
        event.hasField("inKernel")
            ? event.getBoolean("inKernel")
            : !frames.isEmpty() && frames.getFirst().type() == FrameType.KERNEL;
    return kernel ? SampleState.KERNEL : SampleState.USER;
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
      known =
          new SampledThread(
              (int) number(thread, "processId"),
              text(thread, "processName"),
              (int) Math.max(0, thread.getOSThreadId()),
              java != null ? java : orEmpty(thread.getOSName()));
      threads.put(thread, known);
    }
    return known;
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
        type == null ? "" : text(type, "name").replace('/', '.'),
        method == null ? "" : orEmpty(method.getName()),
        type == null ? "" : text(type, "sourceFile"),
        Math.max(0, frame.getLineNumber()),
        Math.max(0, frame.getBytecodeIndex()),
        FrameType.of(orEmpty(frame.getType())));
  }

  private static String text(RecordedObject object, String field) {
    return object.hasField(field) ? orEmpty(object.getString(field)) : "";
  }

  private static long number(RecordedObject object, String field) {
    return object.hasField(field) ? object.getLong(field) : 0;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
