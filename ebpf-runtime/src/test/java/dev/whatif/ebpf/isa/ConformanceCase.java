package dev.whatif.ebpf.isa;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A file of the public conformance suite: sections that begin with {@code -- name}.
 *
 * @param name of the file
 * @param sections their lines, comments left out
 */
record ConformanceCase(String name, Map<String, List<String>> sections) {

  private static final Path FOLDER = Path.of("src", "test", "resources", "conformance");
  private static final List<String> KNOWN =
      List.of("c", "asm", "raw", "mem", "result", "error", "no register offset");

  /** All cases of a folder. */
  static Stream<ConformanceCase> all(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.sorted().toList().stream()
          .map(f -> new ConformanceCase(f.getFileName().toString(), read(f)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, List<String>> read(Path file) throws UncheckedIOException {
    Map<String, List<String>> sections = new TreeMap<>();
    List<String> current = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("-- ")) {
          current = sections.computeIfAbsent(line.substring(3), _ -> new ArrayList<>());
        } else if (!line.startsWith("#")) {
          current.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sections;
  }

  boolean hasAsm() {
    return sections.containsKey("asm");
  }

  boolean hasRaw() {
    return sections.containsKey("raw");
  }

  /** The code of the text. */
  Code assembled() {
    sections
        .keySet()
        .forEach(s -> {
          if (!KNOWN.contains(s)) {
            throw new BadDataException(name + ": section '" + s + "'");
          }
        });
    String text = String.join("\n", sections.getOrDefault("asm", List.of()));
    return Assembler.assemble(name, text, Dialect.CONFORMANCE);
  }

  /** The bytes that the file gives: 64-bit numbers, or bytes. */
  byte[] raw() {
    return sections.get("raw").stream()
        .filter(l -> !l.isBlank())
        .map(ConformanceCase::slot)
        .reduce(
            new byte[0],
            (a, b) -> {
              byte[] both = Arrays.copyOf(a, a.length + b.length);
              System.arraycopy(b, 0, both, a.length, b.length);
              return both;
            });
  }

  private static byte[] slot(String line) {
    if (!line.startsWith("0x")) {
      return HexFormat.ofDelimiter(" ").parseHex(line.strip());
    }
    byte[] bytes = new byte[Slot.BYTES];
    Slot.of(Long.parseUnsignedLong(line.substring(2).strip(), 16)).put(bytes, 0);
    return bytes;
  }

  @Override
  public String toString() {
    return name;
  }
}
