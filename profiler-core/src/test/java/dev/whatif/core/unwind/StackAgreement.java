package dev.whatif.core.unwind;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.GdbStop;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many of gdb's stacks the unwinder finds, from the same registers and stack bytes.
 *
 * @param otherStack how many agree up to a signal handler on a stack of its own: what the signal
 *     interrupted lies on another stack, which no capture holds
 * @param differences all others that are not equal
 */
record StackAgreement(
    String program, int stacks, int equal, int otherStack, long frames, List<String> differences) {

  static StackAgreement of(String program, long pid, List<GdbStop> stops) {
    UnwindTables tables = new UnwindTables();
    StackFrames frames = new StackFrames(2000);
    CapturedStack stack = new CapturedStack();
    Registers registers = new Registers();
    List<String> differences = new ArrayList<>();
    List<Mapping> known = List.of();
    AddressSpace space = new AddressSpace((int) pid);
    long count = 0;
    int equal = 0;
    int otherStack = 0;
    try (Unwinder unwinder = new Unwinder(tables)) {
      for (GdbStop stop : stops) {
        if (stop.mappings() != known) {
          known = stop.mappings();
          space.clear();
          known.stream().filter(Mapping::executable).forEach(space::map);
        }
        for (int r = 0; r < Registers.COUNT; r++) {
          registers.set(r, stop.registers()[r]);
        }
        stack.reset(
            stop.stackAddress(), MemorySegment.ofArray(stop.stack()), 0, stop.stack().length);
        unwinder.unwind(space, registers, stack, frames);
        long[] truth = stop.physicalPcs();
        long[] ours = new long[frames.depth()];
        Arrays.setAll(ours, frames::pc);
        count += truth.length;
        if (Arrays.equals(truth, ours) && frames.end() == UnwindEnd.BOTTOM) {
          equal++;
        } else if (endsAtOtherStack(truth, ours, frames)) {
          otherStack++;
        } else {
          differences.add(difference(stop, truth, ours, frames));
        }
      }
    }
    return new StackAgreement(program, stops.size(), equal, otherStack, count, differences);
  }

  private static boolean endsAtOtherStack(long[] truth, long[] ours, StackFrames frames) {
    int depth = ours.length;
    return frames.end() == UnwindEnd.STACK_NOT_CAPTURED
        && Arrays.mismatch(truth, ours) == depth
        && java.util.stream.IntStream.range(0, depth).anyMatch(frames::signalTrampoline);
  }

  /** A row of the table, and the first differences under it. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-40s %4d of %4d stacks equal, %d cut at another stack, %6d frames%n"
            .formatted(program, equal, stacks, otherStack, frames));
    differences.stream().limit(5).forEach(d -> text.append("    ").append(d).append('\n'));
    return text.toString();
  }

  private static String difference(GdbStop stop, long[] truth, long[] ours, StackFrames frames) {
    int at = Arrays.mismatch(truth, ours);
    List<String> names =
        stop.frames().stream()
            .filter(GdbStop.Frame::physical)
            .map(f -> f.name().length() > 40 ? f.name().substring(0, 40) : f.name())
            .toList();
    return at < 0
        ? "all frames equal, but the end is " + frames.end() + ", gdb: " + stop.end()
        : "frame %d of %d: gdb %s, here %s of %d (%s, gdb %s), stack %s, rbp %x rsp %x"
            .formatted(
                at,
                truth.length,
                at < truth.length ? Long.toHexString(truth[at]) + " " + names.get(at) : "nothing",
                at < ours.length ? Long.toHexString(ours[at]) : "nothing",
                ours.length,
                frames.end(),
                stop.end(),
                names,
                stop.registers()[6],
                stop.registers()[7]);
  }
}
