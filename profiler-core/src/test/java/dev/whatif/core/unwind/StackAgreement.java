package dev.whatif.core.unwind;

import dev.whatif.core.dwarf.LineRule;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.symbol.DebugFiles;
import dev.whatif.core.symbol.Symbolizer;
import dev.whatif.testing.GdbStop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How many of a program's stops show the same to gdb and to us: every frame of every thread,
 * inlined ones too, with pc, kind, function, file and line (where gdb knows one), from the same
 * registers and stack bytes. A stop with one wrong frame is a miss.
 *
 * @param stops at each of which all threads were looked at
 * @param equal stops without any difference
 * @param frames compared, of all stops
 * @param aliases frames for which gdb took another name of the same address
 * @param tailCalls stacks in which gdb infers callers that have left the stack; those are not
 *     compared
 * @param otherLines stops in which {@link LineRule#LAST_ROW}, our usual choice, shows another line
 *     for some frame than {@link LineRule#STATEMENT}, gdb's, with which stops are compared
 * @param astray of the misses those where gdb itself shows a frame outside of all code. Seen where
 *     {@code _Unwind_RaiseException} and {@code _Unwind_Resume} have put the stack pointer of the
 *     handler's frame in place but still execute their own last instructions ({@code
 *     __builtin_eh_return}), which their call frame information does not describe: gdb goes on
 *     through whatever lies on the stack until it meets an address of 0, we stop
 * @param reasons of the misses, each by its first difference
 * @param differences what the misses look like
 */
record StackAgreement(
    String program,
    int stops,
    int equal,
    long frames,
    int aliases,
    int tailCalls,
    int otherLines,
    int astray,
    Map<String, Integer> reasons,
    List<String> differences) {

  static StackAgreement of(String program, long pid, List<GdbStop> stacks) {
    UnwindTables tables = new UnwindTables();
    StackFrames frames = new StackFrames(2000);
    Registers registers = new Registers();
    List<Mapping> known = List.of();
    AddressSpace space = new AddressSpace((int) pid);
    Set<Integer> stops = new HashSet<>();
    Set<Integer> misses = new HashSet<>();
    Set<Integer> otherLines = new HashSet<>();
    Map<String, Integer> reasons = new TreeMap<>();
    List<String> differences = new ArrayList<>();
    long count = 0;
    int tailCalls = 0;
    int astray = 0;
    SymbolAliases aliases = new SymbolAliases();
    try (Unwinder unwinder = new Unwinder(tables);
        Symbolizer symbolizer = new Symbolizer(DebugFiles.standard(), LineRule.STATEMENT);
        Symbolizer usual = new Symbolizer(DebugFiles.standard())) {
      for (GdbStop stop : stacks) {
        if (stop.mappings() != known) {
          known = stop.mappings();
          space.clear();
          known.stream().filter(Mapping::executable).forEach(space::map);
        }
        for (int r = 0; r < Registers.COUNT; r++) {
          registers.set(r, stop.registers()[r]);
        }
        unwinder.unwind(space, registers, new CapturedStacks(stop.stacks()), frames);
        List<LogicalFrame> truth = LogicalFrame.of(stop);
        List<LogicalFrame> ours = LogicalFrame.of(frames, symbolizer, space);
        count += truth.size();
        tailCalls += stop.hasTailCalls() ? 1 : 0;
        stops.add(stop.number());
        StackDifference difference =
            StackDifference.between(truth, ours, stop.end(), frames.end(), aliases, space);
        List<LogicalFrame> shown = LogicalFrame.of(frames, usual, space);
        if (!shown.equals(ours)) {
          otherLines.add(stop.number());
        }
        if (difference != null && misses.add(stop.number())) {
          boolean lost = truth.stream().anyMatch(f -> !isCode(space, f.pc()));
          astray += lost ? 1 : 0;
          reasons.merge(difference.reason(), 1, Integer::sum);
          differences.add(difference.text());
        }
      }
    }
    return new StackAgreement(
        program,
        stops.size(),
        stops.size() - misses.size(),
        count,
        aliases.used(),
        tailCalls,
        otherLines.size(),
        astray,
        reasons,
        differences);
  }

  private static boolean isCode(AddressSpace space, long pc) {
    return space.find(pc) != null || space.find(pc - 1) != null;
  }

  /** A row of the table, and the first differences under it. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        ("%-34s %4d of %4d stops equal, %6d frames, %d other names, %d with tail callers,"
                + " %d with lines of addr2line's choice, misses: %s, gdb astray in %d%n")
            .formatted(
                program, equal, stops, frames, aliases, tailCalls, otherLines, reasons, astray));
    differences.stream()
        .limit(Integer.getInteger("whatif.differences", 5))
        .forEach(d -> text.append("    ").append(d).append('\n'));
    return text.toString();
  }
}
