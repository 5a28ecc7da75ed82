package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Assembler;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.object.ProgramType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program and what is to be said of it. In a file, a case begins with {@code -- accept TYPE name}
 * or {@code -- refuse TYPE name: part of the reason}; {@code (kernel accepts)} or {@code (kernel
 * refuses)} behind the type marks a known difference. The program follows in LLVM's text, with
 * {@code r1 = &map}, {@code r1 = &map[8]} for the address of a byte in the only value, and {@code
 * r2 = &@label} for a function's.
 */
record VerifierCase(
    String name,
    boolean accepted,
    boolean kernelAccepts,
    String reason,
    ProgramType type,
    String text) {

  private static final Path FOLDER = Path.of("src", "test", "resources", "verifier");

  private static final Pattern HEADER =
      Pattern.compile(
          "-- (accept|refuse) ([A-Z_]+)(?: \\(kernel (accepts|refuses)\\))? ([^:]+)(?:: (.*))?");

  private static final Pattern ADDRESS =
      Pattern.compile("(r\\d) = &(?:@(\\w+)|(\\w+)(?:\\[(\\d+)])?)");

  /** All cases of all files. */
  static Stream<VerifierCase> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().flatMap(VerifierCase::read).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<VerifierCase> read(Path file) {
    List<VerifierCase> cases = new ArrayList<>();
    try {
      Matcher header = null;
      StringBuilder text = new StringBuilder();
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("-- ")) {
          if (header != null) {
            cases.add(of(header, text.toString()));
          }
          header = HEADER.matcher(line);
          if (!header.matches()) {
            throw new IllegalArgumentException(file + ": " + line);
          }
          text.setLength(0);
        } else {
          text.append(line).append('\n');
        }
      }
      cases.add(of(header, text.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases.stream();
  }

  private static VerifierCase of(Matcher header, String text) {
    boolean accepted = header.group(1).equals("accept");
    boolean kernel = header.group(3) == null ? accepted : header.group(3).equals("accepts");
    return new VerifierCase(
        header.group(4).strip(),
        accepted,
        kernel,
        header.group(5) == null ? "" : header.group(5),
        ProgramType.valueOf(header.group(2)),
        text);
  }

  Program program() {
    return new Program(
        "test",
        type,
        0,
        Assembler.assemble(name, resolved(), Dialect.LLVM),
        TestMaps.ALL,
        List.of());
  }

  private String resolved() {
    Map<String, Integer> labels = new HashMap<>();
    int slot = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.endsWith(":")) {
        labels.put(line.substring(0, line.length() - 1), slot);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        slot += line.contains("&") && line.contains("= &") || line.endsWith(" ll") ? 2 : 1;
      }
    }
    StringBuilder out = new StringBuilder();
    slot = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.matches()) {
        out.append(reference(address, labels, slot)).append('\n');
        slot += 2;
      } else {
        out.append(line).append('\n');
        boolean counts = !line.isEmpty() && !line.startsWith("#") && !line.endsWith(":");
        slot += counts ? line.endsWith(" ll") ? 2 : 1 : 0;
      }
    }
    return out.toString();
  }

  private static String reference(Matcher address, Map<String, Integer> labels, int slot) {
    if (address.group(2) != null) {
      return "ld_pseudo %s, 4, %d"
          .formatted(address.group(1), labels.get(address.group(2)) - slot - 1);
    }
    int map = TestMaps.indexOf(address.group(3));
    return address.group(4) == null
        ? "ld_pseudo %s, 5, %d".formatted(address.group(1), map)
        : "ld_pseudo %s, 6, %d, %s".formatted(address.group(1), map, address.group(4));
  }

  @Override
  public String toString() {
    return name;
  }
}
