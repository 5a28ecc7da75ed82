package dev.whatif.ebpf.isa;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What clang and llvm-objdump know about BPF. */
final class LlvmTools {

  /**
   * A line of llvm-objdump.
   *
   * @param code the bytes of the instruction
   * @param text with the name of the target behind jumps
   */
  record Line(int slot, byte[] code, String text) {

    /** Without the name of the target. */
    String bareText() {
      return text.replaceFirst(" <[^ >]*>$", "");
    }
  }

  private static final Pattern LINE =
      Pattern.compile("\\s*([0-9]+):\\t((?:[0-9a-f]{2} )*[0-9a-f]{2})\\t(.*)");
  private static final Pattern SECTION = Pattern.compile("Disassembly of section (.*):");

  private LlvmTools() {}

  /** The object that a clang makes of {@code src/test/bpf/isa.c}. */
  static Path object(int version, String cpu, String... flags) {
    Path object = Programs.folder("isa").resolve("isa-" + version + "-" + cpu + ".o");
    List<String> command =
        new ArrayList<>(List.of("clang-" + version, "-target", "bpf", "-O2", "-mcpu=" + cpu));
    command.addAll(List.of(flags));
    command.addAll(List.of("-c", Path.of("src", "test", "bpf", "isa.c").toString()));
    command.addAll(List.of("-o", object.toString()));
    Programs.run(command.toArray(String[]::new));
    return object;
  }

  /** What {@code llvm-objdump -d} writes, by section. */
  static Map<String, List<Line>> disassembled(int version, Path object, String... flags) {
    List<String> command = new ArrayList<>(List.of("llvm-objdump-" + version, "-d"));
    command.addAll(List.of(flags));
    command.add(object.toString());
    Map<String, List<Line>> sections = new LinkedHashMap<>();
    List<Line> current = new ArrayList<>();
    for (String line : Programs.run(command.toArray(String[]::new)).lines().toList()) {
      Matcher section = SECTION.matcher(line);
      if (section.matches()) {
        current = new ArrayList<>();
        sections.put(section.group(1), current);
      }
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        byte[] code = HexFormat.ofDelimiter(" ").parseHex(m.group(2));
        current.add(new Line(Integer.parseInt(m.group(1)), code, m.group(3).strip()));
      }
    }
    return sections;
  }

  /** The code that clang-19's assembler makes of a text. */
  static byte[] assembled(String name, String text) {
    try {
      Path folder = Programs.folder("isa");
      Path source = folder.resolve(name + ".s");
      Path object = folder.resolve(name + ".o");
      Files.writeString(source, text);
      Programs.run(
          "clang-19",
          "-target",
          "bpf",
          "-mcpu=v4",
          "-c",
          "-x",
          "assembler",
          source.toString(),
          "-o",
          object.toString());
      try (ElfFile elf = ElfFile.open(object)) {
        Section section = elf.section(".text").orElseThrow();
        return elf.bytes(section).toArray(ValueLayout.JAVA_BYTE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
