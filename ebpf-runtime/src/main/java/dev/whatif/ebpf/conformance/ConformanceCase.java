package dev.whatif.ebpf.conformance;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.isa.Assembler;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.isa.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One file of the suite: sections that begin with {@code -- name}.
 *
 * @param name of the file
 * @param negative whether it must be refused: it lies in a folder {@code negative}, or says so
 * @param sections their lines, comments left out
 */
public record ConformanceCase(String name, boolean negative, Map<String, List<String>> sections) {

  private static final String ENDING = ".data";
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_FILES = 10_000;
  private static final List<String> KNOWN =
      List.of("c", "asm", "raw", "mem", "result", "error", "no register offset");

  /**
   * All cases in a folder and those below it, by name.
   *
   * @throws UsageException when there is no such folder, or no case in it
   * @throws UnavailableException when something in it cannot be read
   */
  public static List<ConformanceCase> all(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(folder + " is no folder", "name one with the suite's .data files");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> cases =
          files.filter(f -> f.toString().endsWith(ENDING)).limit(MOST_FILES).sorted().toList();
      if (cases.isEmpty()) {
        throw new UsageException(
            "there is no case in " + folder, "name a folder with the suite's .data files");
      }
      return cases.stream().map(ConformanceCase::read).toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** Reads a file. */
  public static ConformanceCase read(Path file) {
    Map<String, List<String>> sections = new HashMap<>();
    List<String> current = new ArrayList<>();
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new BadDataException(file + ": more than a MiB is no case");
      }
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("-- ")) {
          current = sections.computeIfAbsent(line.substring(3).strip(), _ -> new ArrayList<>());
        } else if (!line.startsWith("#")) {
          current.add(line);
        }
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    Path folder = file.toAbsolutePath().getParent();
    boolean negative =
        sections.containsKey("error") || folder != null && folder.endsWith("negative");
    return new ConformanceCase(file.getFileName().toString(), negative, sections);
  }

  /** Whether it has a program as text. */
  public boolean hasAsm() {
    return sections.containsKey("asm");
  }

  /** Whether it has a program as bytes. */
  public boolean hasRaw() {
    return sections.containsKey("raw");
  }

  /**
   * The program, of its text where it has one, else of its bytes.
   *
   * @throws BadDataException when it has none, or a malformed one
   */
  public Code code() {
    if (hasAsm()) {
      return assembled();
    }
    if (hasRaw()) {
      return Code.decode(raw());
    }
    throw new BadDataException(name + ": there is no program in it");
  }

  /** The program of its text. */
  public Code assembled() {
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

  /** The bytes of its program: it writes 64-bit numbers, or bytes. */
  public byte[] raw() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : sections.getOrDefault("raw", List.of())) {
      if (!line.isBlank()) {
        bytes.writeBytes(slot(line.strip()));
      }
    }
    return bytes.toByteArray();
  }

  /** The memory that r1 points to and r2 is the length of; perhaps none. */
  public byte[] memory() {
    String text = String.join("", sections.getOrDefault("mem", List.of()));
    return hex(text.replaceAll("\\s|#.*", ""));
  }

  /**
   * What r0 must be.
   *
   * @throws BadDataException when it does not say
   */
  public long result() {
    String text =
        sections.getOrDefault("result", List.of()).stream()
            .filter(l -> !l.isBlank())
            .findFirst()
            .orElseThrow(() -> new BadDataException(name + ": there is no result in it"))
            .strip();
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new BadDataException(name + ": the result '" + text + "' is no number", null, e);
    }
  }

  private byte[] slot(String line) {
    if (!line.startsWith("0x")) {
      return hex(line.replace(" ", ""));
    }
    byte[] bytes = new byte[Slot.BYTES];
    try {
      Slot.of(Long.parseUnsignedLong(line.substring(2), 16)).put(bytes, 0);
    } catch (NumberFormatException e) {
      throw new BadDataException(name + ": '" + line + "' is no instruction", null, e);
    }
    return bytes;
  }

  private byte[] hex(String text) {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new BadDataException(name + ": '" + text + "' is not hexadecimal", null, e);
    }
  }

  private static UnavailableException unreadable(Path file, IOException e) {
    return new UnavailableException("cannot read " + file + ": " + e.getMessage(), null, e);
  }

  @Override
  public String toString() {
    return name;
  }
}
