package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.BINUTILS})
class SymbolTableTest {

  /** Name to (address, size) of the functions that {@code readelf -sW} lists. */
  record Row(String name, long address, long size) {}

  static List<Row> readelf(Path file, String... options) {
    List<String> command = new ArrayList<>(List.of("readelf", "-sW"));
    command.addAll(List.of(options));
    command.add(file.toString());
    List<Row> rows = new ArrayList<>();
    for (String line : Programs.run(command.toArray(String[]::new)).split("\n")) {
      String[] f = line.strip().split(" +");
      if (f.length >= 8
          && (f[3].equals("FUNC") || f[3].equals("IFUNC"))
          && !f[6].equals("UND")
          && !f[6].equals("ABS")) {
        rows.add(
            new Row(
                f[7].replaceFirst("@.*", ""), Long.parseUnsignedLong(f[1], 16), Long.decode(f[2])));
      }
    }
    return rows;
  }

  static void assertAgrees(SymbolTable table, List<Row> rows) {
    Map<Long, Set<String>> names = new HashMap<>();
    rows.forEach(r -> names.computeIfAbsent(r.address(), a -> new HashSet<>()).add(r.name()));
    assertThat(rows).isNotEmpty();
    names.forEach((address, aliases) -> {
      int s = table.find(address);
      assertThat(s).as("%x %s", address, aliases).isNotNegative();
      assertThat(table.address(s)).isEqualTo(address);
      assertThat(aliases).contains(table.name(s));
    });
    // The last byte of a function belongs to it, unless another function begins inside.
    TreeMap<Long, Set<String>> ordered = new TreeMap<>(names);
    for (Row r : rows) {
      if (r.size() > 0 && ordered.floorKey(r.address() + r.size() - 1) == r.address()) {
        int s = table.find(r.address() + r.size() - 1);
        // an alias of another size may have been chosen
        if (s >= 0) {
          assertThat(table.address(s)).as(r.name()).isEqualTo(r.address());
        }
      }
    }
  }

  @Test
  void everyFunctionOfReadelfIsFoundAtItsAddress() {
    for (String[] flags :
        new String[][] {
          {"-O1"}, {"-O1", "-no-pie"}, {"-O1", "-static"}, {"-O2", "-static-pie"}, {"-O0", "-g"}
        }) {
      Path program = Programs.compiled("spin.c", flags);
      try (ElfFile elf = ElfFile.open(program)) {
        assertAgrees(SymbolTable.of(elf), readelf(program));
      }
    }
  }

  @Test
  void exportedFunctionsOfStrippedSystemLibrariesAreFound() {
    for (String library : List.of("libc.so.6", "libm.so.6", "libstdc++.so.6")) {
      Path file = Path.of(Programs.run("gcc", "-print-file-name=" + library).strip());
      try (ElfFile elf = ElfFile.open(file)) {
        assertAgrees(SymbolTable.of(elf), readelf(file, "--dyn-syms"));
      }
    }
  }
}
