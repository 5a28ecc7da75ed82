package dev.whatif.core.unwind;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Programs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which names stand for the same address, as readelf lists the symbols: {@code write} is {@code
 * __write}, and which of them gdb takes depends on the order of its memory addresses ({@code
 * compare_minimal_symbols} in gdb/minsyms.c). And template arguments, which the compiler writes
 * otherwise (into DW_AT_name, shown by gdb where a function of the unit alone has no linkage name)
 * than demanglers do.
 */
final class SymbolAliases {

  private final Map<String, Map<String, Set<String>>> files = new HashMap<>();
  private int used;

  /** How often two names were the same address. */
  int used() {
    return used;
  }

  /** Whether both are the same function. */
  boolean same(LogicalFrame truth, LogicalFrame ours, AddressSpace space) {
    if (PlainName.of(truth.name()).equals(PlainName.of(ours.name()))) {
      return true;
    }
    Mapping mapping = space.find(truth.pc() - 1);
    if (truth.inlined() || mapping == null || !mapping.isFile()) {
      return false;
    }
    String theirs = PlainName.withoutArguments(truth.name());
    String here = PlainName.withoutArguments(ours.name());
    if (theirs.equals(here) || isLambda(here) && theirs.equals("operator()")) {
      used++;
      return true;
    }
    Map<String, Set<String>> names = files.computeIfAbsent(mapping.path(), SymbolAliases::read);
    Set<String> addresses = new HashSet<>(names.getOrDefault(plain(truth.name()), Set.of()));
    addresses.retainAll(names.getOrDefault(plain(ours.name()), Set.of()));
    used += addresses.isEmpty() ? 0 : 1;
    return !addresses.isEmpty();
  }

  /** A class without a name: gdb shows only what its function is called. */
  private static boolean isLambda(String name) {
    return name.matches(".*\\{lambda#\\d+}::operator\\(\\)");
  }

  private static String debugFile(String file) {
    String id =
        Programs.run("readelf", "-n", file).replaceAll("(?s).*Build ID: ([0-9a-f]+).*", "$1");
    return id.length() == 40
        ? "/usr/lib/debug/.build-id/%s/%s.debug".formatted(id.substring(0, 2), id.substring(2))
        : file;
  }

  private static String plain(String name) {
    return PlainName.of(name);
  }

  /** Addresses of each name. */
  private static Map<String, Set<String>> read(String file) {
    Map<String, Set<String>> result = new HashMap<>();
    // readelf fails on a missing separate file, after it has said all about the others.
    String lists = "readelf -sW -C \"$@\" || true";
    for (String line : Programs.run("sh", "-c", lists, "sh", file, debugFile(file)).split("\n")) {
      String[] words = line.strip().split(" +", 8);
      if (words.length == 8 && (words[3].equals("FUNC") || words[3].equals("IFUNC"))) {
        String name = words[7].replaceAll("@.*", "");
        result.computeIfAbsent(plain(name), k -> new HashSet<>()).add(words[1]);
      }
    }
    return result;
  }
}
