package dev.whatif.core.report;

import dev.whatif.core.recording.SampledThread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts samples into a {@link Profile}. Memory grows with different functions, lines and threads,
 * not with samples. Confined to one thread.
 */
public final class ProfileCounter {

  private static final int MOST_PENDING = 50_000;

  private record FunctionKey(String function, String object) {}

  private record LineKey(String file, int line) {}

  private static final class Tally {
    final String label;
    long self;
    long total;

    Tally(String label) {
      this.label = label;
    }
  }

  /** A stack prepared for counting, to be reused for every sample that has it. */
  public static final class Stack {
    private final List<Tally> seen;
    private final List<Tally> executing;
    private final String objectWithoutLine;
    private final boolean kernel;
    private final boolean empty;
    private final boolean truncated;
    private long uncounted;

    private Stack(
        List<Tally> seen,
        List<Tally> executing,
        String objectWithoutLine,
        boolean kernel,
        boolean empty,
        boolean truncated) {
      this.seen = seen;
      this.executing = executing;
      this.objectWithoutLine = objectWithoutLine;
      this.kernel = kernel;
      this.empty = empty;
      this.truncated = truncated;
    }
  }

  private final Map<FunctionKey, Tally> functions = new HashMap<>();
  private final Map<LineKey, Tally> lines = new HashMap<>();
  private final Map<SampledThread, Tally> threads = new HashMap<>();
  private final Map<String, Long> linesUnknown = new HashMap<>();
  private final List<Stack> pending = new ArrayList<>();
  private @Nullable SampledThread lastThread;
  private Tally lastThreadTally = new Tally("");
  private long samples;
  private long kernelSamples;
  private long withoutStack;
  private long truncatedStacks;
  private long filteredOut;

  /** Has counted nothing yet. */
  public ProfileCounter() {}

  /**
   * Prepares a stack.
   *
   * @param frames innermost first
   * @param truncated whether it does not reach the thread's beginning
   */
  public Stack stack(List<ProfileFrame> frames, boolean truncated) {
    if (pending.size() >= MOST_PENDING) {
      countPending();
    }
    Set<Tally> seen = new HashSet<>(); // by identity: Tally has no equals
    List<Tally> executing = new ArrayList<>(2);
    String withoutLine = "";
    boolean leaf = true;
    for (ProfileFrame f : frames) {
      Tally function =
          functions.computeIfAbsent(
              new FunctionKey(f.function(), f.object()), k -> new Tally(k.function()));
      seen.add(function);
      Tally line = null;
      if (f.hasLine()) {
        line = lines.computeIfAbsent(new LineKey(f.file(), f.line()), k -> new Tally(f.function()));
        seen.add(line);
      }
      if (leaf) {
        executing.add(function);
        if (line != null) {
          executing.add(line);
        } else {
          withoutLine = f.object();
        }
        leaf = false;
      }
    }
    return new Stack(
        List.copyOf(seen),
        executing,
        withoutLine,
        !frames.isEmpty() && frames.getFirst().kernel(),
        frames.isEmpty(),
        truncated);
  }

  /** Counts one sample; it was taken in kernel mode when its innermost frame is the kernel's. */
  @SuppressWarnings(
      "ReferenceEquality") // equal threads that are not the same only miss the shortcut
  public void sample(SampledThread thread, Stack stack) {
    if (thread != lastThread) {
      lastThread = thread;
      lastThreadTally = threads.computeIfAbsent(thread, k -> new Tally(k.name()));
    }
    lastThreadTally.self++;
    // A stack's frames are counted once for all its samples, not once for each.
    if (stack.uncounted++ == 0) {
      pending.add(stack);
    }
  }

  private void countPending() {
    for (Stack stack : pending) {
      count(stack, stack.uncounted);
      stack.uncounted = 0;
    }
    pending.clear();
  }

  private void count(Stack stack, long n) {
    samples += n;
    for (Tally t : stack.executing) {
      t.self += n;
    }
    for (Tally t : stack.seen) {
      t.total += n;
    }
    if (stack.kernel) {
      kernelSamples += n;
    }
    if (stack.truncated) {
      truncatedStacks += n;
    }
    if (stack.empty) {
      withoutStack += n;
    } else if (!stack.objectWithoutLine.isEmpty()) {
      linesUnknown.merge(stack.objectWithoutLine, n, Long::sum);
    }
  }

  /** Counts a sample of a thread that was not asked for. */
  public void filteredOut() {
    filteredOut++;
  }

  /** What was counted so far. */
  public Profile profile() {
    countPending();
    List<FunctionCost> functionCosts = new ArrayList<>();
    functions.forEach((k, t) -> {
      if (t.total > 0) {
        functionCosts.add(new FunctionCost(k.function(), k.object(), t.self, t.total));
      }
    });
    functionCosts.sort(
        Comparator.comparingLong(FunctionCost::self)
            .thenComparingLong(FunctionCost::total)
            .reversed()
            .thenComparing(FunctionCost::function)
            .thenComparing(FunctionCost::object));
    List<LineCost> lineCosts = new ArrayList<>();
    lines.forEach((k, t) -> {
      if (t.total > 0) {
        lineCosts.add(new LineCost(k.file(), k.line(), t.label, t.self, t.total));
      }
    });
    lineCosts.sort(
        Comparator.comparingLong(LineCost::self)
            .thenComparingLong(LineCost::total)
            .reversed()
            .thenComparing(LineCost::file)
            .thenComparingInt(LineCost::line));
    List<ThreadCost> threadCosts = new ArrayList<>();
    threads.forEach((k, t) ->
        threadCosts.add(
            new ThreadCost(k.processId(), k.processName(), k.threadId(), k.name(), t.self)));
    threadCosts.sort(
        Comparator.comparingLong(ThreadCost::samples)
            .reversed()
            .thenComparingInt(ThreadCost::processId)
            .thenComparingInt(ThreadCost::threadId));
    return new Profile(
        samples,
        kernelSamples,
        withoutStack,
        truncatedStacks,
        filteredOut,
        List.copyOf(functionCosts),
        List.copyOf(lineCosts),
        List.copyOf(threadCosts),
        Map.copyOf(linesUnknown));
  }
}
