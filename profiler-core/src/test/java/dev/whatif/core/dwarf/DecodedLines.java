package dev.whatif.core.dwarf;

import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** The line table of a program as {@code objdump --dwarf=decodedline} prints it. */
final class DecodedLines {

  private DecodedLines() {}

  private record Row(long address, String file, int line) {}

  /** The addresses of each line of a source file: from its row to the next one of the sequence. */
  static Map<Integer, TreeSet<Long>> of(Path program, String source) {
    Map<Integer, TreeSet<Long>> result = new HashMap<>();
    TreeMap<Long, Row> sequence = new TreeMap<>();
    for (String line : Programs.run("objdump", "-WL", program.toString()).lines().toList()) {
      String[] words = line.trim().split("\\s+");
      if (words.length < 3 || !words[2].startsWith("0x") || words[1].equals("number")) {
        continue;
      }
      long address = Long.decode(words[2]);
      if (!words[1].equals("-")) {
        sequence.put(address, new Row(address, words[0], Integer.parseInt(words[1])));
        continue;
      }
      for (Row row : sequence.values()) {
        Long next = sequence.higherKey(row.address());
        if (row.file().equals(source)) {
          LongStream.range(row.address(), next == null ? address : next)
              .forEach(result.computeIfAbsent(row.line(), l -> new TreeSet<>())::add);
        }
      }
      sequence.clear();
    }
    return result;
  }
}
