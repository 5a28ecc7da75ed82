package dev.whatif.core.dwarf;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * How far {@link DebugInfo} and a tool say the same about many addresses.
 *
 * <p>Two differences are none. Where the debug information has no linkage name of a function, or no
 * function at all (the padding between two), the tools take the name from the symbol table, which
 * is not this package's business: such a name counts when {@code nm} has it there. And the file of
 * the innermost frame is gdb's to judge: GNU addr2line 2.40 begins each sequence of a DWARF 5 line
 * table with file 0 where the standard (6.2.2) says 1.
 *
 * @param compared addresses
 * @param known of these, ones where the tool knows a source file
 * @param inlined of these, ones inside an inlined function
 * @param differences one sentence each
 */
record Agreement(int compared, int known, int inlined, List<String> differences) {

  /** Compares at random addresses of the code. */
  static Agreement of(String tool, Path program, DebugInfo info, ElfFile code, int count) {
    TreeMap<Long, Set<String>> symbols = Truth.symbols(program);
    long[] addresses = addresses(code, symbols, count);
    Map<Long, List<Truth.Frame>> truth = Truth.frames(tool, program, addresses);
    List<String> differences = new ArrayList<>();
    Map<Long, SourcePosition> otherFile = new LinkedHashMap<>();
    int known = 0;
    int inlined = 0;
    for (long address : addresses) {
      List<SourcePosition> ours = info.at(address);
      List<Truth.Frame> theirs = truth.get(address);
      known += theirs.getFirst().line() > 0 ? 1 : 0;
      inlined += theirs.size() > 1 ? 1 : 0;
      Map.Entry<Long, Set<String>> symbol = symbols.floorEntry(address);
      Set<String> names = symbol == null ? Set.of() : symbol.getValue();
      String difference = difference(ours, theirs, names);
      if (difference.equals("file 0")) {
        otherFile.put(address, ours.getFirst());
      } else if (!difference.isEmpty()) {
        differences.add("0x%x: %s: %s, not %s".formatted(address, difference, ours, theirs));
      }
    }
    if (!otherFile.isEmpty()) {
      Map<Long, String> gdb = Truth.gdbFiles(program, List.copyOf(otherFile.keySet()));
      otherFile.forEach((address, ours) -> {
        String file = gdb.getOrDefault(address, "");
        if (file.isEmpty()
            || !ours.file().endsWith(SourcePath.normalised(file).replace("../", ""))) {
          differences.add("0x%x: %s, gdb says %s".formatted(address, ours, file));
        }
      });
    }
    return new Agreement(addresses.length, known, inlined, differences);
  }

  private static String difference(
      List<SourcePosition> ours, List<Truth.Frame> theirs, Set<String> symbols) {
    if (ours.isEmpty()) {
      boolean unknown = theirs.size() == 1 && theirs.getFirst().line() == 0;
      return unknown ? "" : "unknown";
    }
    if (ours.size() != theirs.size()) {
      return "depth";
    }
    for (int i = 0; i < ours.size(); i++) {
      SourcePosition a = ours.get(i);
      Truth.Frame b = theirs.get(i);
      if (!sameName(a, b, symbols)) {
        return "function " + i;
      }
      String file = a.file().isEmpty() ? "??" : a.file();
      if (a.line() != b.line()) {
        return "line " + i;
      }
      if (!file.equals(b.file())) {
        return "file " + i;
      }
    }
    return "";
  }

  private static boolean sameName(SourcePosition ours, Truth.Frame theirs, Set<String> symbols) {
    String linkage = ours.linkageName();
    return ours.function().isEmpty()
        || theirs.function().equals(linkage != null ? linkage : ours.function())
        || symbols.contains(theirs.function()) && (linkage == null || !ours.inlined());
  }

  /** Half of them anywhere in the code, half around main, which static programs are not all of. */
  private static long[] addresses(ElfFile code, TreeMap<Long, Set<String>> symbols, int count) {
    Section text =
        code.sections().stream().filter(s -> s.name().equals(".text")).findFirst().orElseThrow();
    long end = text.address() + text.size();
    long main =
        symbols.entrySet().stream()
            .filter(e -> e.getValue().contains("main"))
            .mapToLong(Map.Entry::getKey)
            .findFirst()
            .orElse(text.address());
    Random random = new Random(42);
    return LongStream.concat(
            random.longs(count / 2, text.address(), end),
            random.longs(
                count / 2, Math.max(text.address(), main - 2000), Math.min(end, main + 2000)))
        .distinct()
        .toArray();
  }

  @Override
  public String toString() {
    return "%d of %d addresses agree (%d with a line, %d inlined)%s"
        .formatted(
            compared - differences.size(),
            compared,
            known,
            inlined,
            differences.isEmpty()
                ? ""
                : "\n  "
                    + String.join("\n  ", differences.subList(0, Math.min(5, differences.size()))));
  }
}
