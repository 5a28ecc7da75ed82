package dev.whatif.core.symbol;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.testing.Programs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All names that readelf lists for an address. */
final class Aliases {

  private static final Map<String, Map<Long, List<String>>> KNOWN = new HashMap<>();

  private Aliases() {}

  static Map<Long, List<String>> of(ElfFile elf) {
    return KNOWN.computeIfAbsent(elf.name(), Aliases::read);
  }

  private static Map<Long, List<String>> read(String file) {
    Map<Long, List<String>> result = new HashMap<>();
    for (String line : Programs.run("readelf", "-sW", file).split("\n")) {
      String[] f = line.strip().split(" +");
      if (f.length >= 8 && f[1].matches("[0-9a-f]{16}")) {
        result
            .computeIfAbsent(Long.parseUnsignedLong(f[1], 16), a -> new ArrayList<>())
            .add(f[7].replaceFirst("@.*", ""));
      }
    }
    return result;
  }
}
