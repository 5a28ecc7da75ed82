package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of programs built in many ways, against addr2line and gdb. */
@Requires({Requirement.GCC, Requirement.GXX, Requirement.BINUTILS})
class GroundTruthTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"-O0", "-O2", "-O2 -no-pie", "-O3 -gdwarf-4", "-O1 -static", "-O2 -static-pie"})
  void functionsInlinesAndLinesAreThoseOfAddr2line(String flags) throws IOException {
    String[] all = ("-g " + flags).split(" ");
    Path program = Programs.compiled("names.cc", all);
    assertAgrees(program, "_ZN5outer|main|plain_c|_ZNK7Derived|_ZN7Derived", 25);
  }

  @Test
  void functionsInlinesAndLinesOfRedisAreThoseOfAddr2line() throws Exception {
    assertAgrees(SymbolizerBenchmark.redis(), "[b-f]", 1);
  }

  /** At random addresses of the functions whose linked name begins like that. */
  private static void assertAgrees(Path program, String names, int addressesEach)
      throws IOException {
    List<Long> addresses = someAddresses(program, names, addressesEach);
    List<List<String>> truth = addr2line(program, addresses);
    List<String> differences = new ArrayList<>();
    try (ElfFile elf = ElfFile.open(program);
        Symbolizer symbolizer = new Symbolizer(new DebugFiles(List.of(), null))) {
      AddressSpace space = whole(program);
      for (int i = 0; i < addresses.size(); i++) {
        List<SourceFrame> frames =
            symbolizer.resolve(space, pcOf(elf, space, addresses.get(i)), true);
        List<String> ours =
            frames.stream().map(f -> comparable(f.function()) + " " + f.line()).toList();
        if (!ours.equals(truth.get(i))) {
          differences.add("%x %s%n    but %s".formatted(addresses.get(i), truth.get(i), ours));
        }
      }
    }
    int compared = addresses.size();
    System.out.printf(
        "%s: %d of %d addresses as addr2line%n",
        program.getFileName(), compared - differences.size(), compared);
    assertThat(compared).isGreaterThan(100);
    assertThat(differences).hasSizeLessThanOrEqualTo(compared / 100);
  }

  @Test
  @Requires(Requirement.GDB)
  void functionsAndOffsetsOfALibraryWithoutDebugInformationAreThoseOfGdb() throws IOException {
    Path library = Path.of(Programs.run("gcc", "-print-file-name=libc.so.6").strip()).toRealPath();
    Random random = new Random(3);
    try (ElfFile elf = ElfFile.open(library);
        Symbolizer symbolizer = new Symbolizer(new DebugFiles(List.of(), null))) {
      SymbolTable table = SymbolTable.of(elf);
      AddressSpace space = whole(library);
      Path script = Programs.folder("symbol").resolve("info-symbol.gdb");
      List<Long> addresses = new ArrayList<>();
      StringBuilder commands = new StringBuilder();
      for (int i = 0; i < 400; i++) {
        int s = random.nextInt(table.count());
        long a = table.address(s) + random.nextLong(Math.max(1, table.size(s)));
        addresses.add(a);
        commands.append("info symbol 0x").append(Long.toHexString(a)).append('\n');
      }
      Files.writeString(script, commands);
      String[] truth =
          Programs.run("gdb", "-nx", "-batch", "-x", script.toString(), library.toString())
              .strip()
              .split("\n");
      int agreed = 0;
      List<String> differences = new ArrayList<>();
      String[] lines =
          java.util.Arrays.stream(truth)
              .filter(l -> l.contains(" in section ") || l.startsWith("No symbol"))
              .toArray(String[]::new);
      assertThat(lines).hasSize(addresses.size());
      for (int i = 0; i < lines.length; i++) {
        SourceFrame f =
            symbolizer.resolve(space, pcOf(elf, space, addresses.get(i)), true).getLast();
        String ours = f.function() + (f.offset() == 0 ? "" : " + " + f.offset());
        String theirs = lines[i].replaceFirst(" in section .*", "");
        // gdb may prefer another alias of the same address: the offset tells.
        boolean same =
            ours.equals(theirs)
                || isAlias(elf, theirs, addresses.get(i) - f.offset())
                || isChosen(elf, theirs, f);
        if (same) {
          agreed++;
        } else {
          differences.add(theirs + " but " + ours);
        }
      }
      System.out.printf("libc: %d of %d addresses as gdb%n", agreed, lines.length);
      assertThat(differences).as("%d of %d agree", agreed, lines.length).hasSizeLessThan(5);
    }
  }

  private static boolean isAlias(ElfFile elf, String theirs, long start) {
    String name = theirs.replaceFirst(" \\+ .*", "").replaceFirst("@.*", "");
    return Aliases.of(elf).getOrDefault(start, List.of()).contains(name);
  }

  /**
   * gdb calls the entry of a function with several implementations by the address of the one that
   * chooses, we by its name: {@code *ABS*+0x9be70@plt} is {@code memcpy@plt}.
   */
  private static boolean isChosen(ElfFile elf, String theirs, SourceFrame ours) {
    String address = theirs.replaceFirst("\\*ABS\\*\\+0x([0-9a-f]+)@plt.*", "$1");
    String offset = ours.offset() == 0 ? "" : " + " + ours.offset();
    return !address.equals(theirs)
        && theirs.endsWith("@plt" + offset)
        && Aliases.of(elf)
            .getOrDefault(Long.parseLong(address, 16), List.of())
            .contains(ours.function().replaceFirst("@plt$", ""));
  }

  /** An address space that maps one file as the loader would, without a process. */
  static AddressSpace whole(Path file) throws IOException {
    AddressSpace space = new AddressSpace(Integer.MAX_VALUE);
    long inode = (Long) Files.getAttribute(file, "unix:ino");
    long size = Files.size(file) + 0xfff & ~0xfffL;
    space.map(
        new Mapping(0x10_0000_0000L, 0x10_0000_0000L + size, 0, file.toString(), "", inode, true));
    return space;
  }

  static long pcOf(ElfFile elf, AddressSpace space, long vaddr) {
    return RunningProgram.runtimeAddress(elf, space.mappings().iterator().next(), vaddr);
  }

  /** Addresses of instructions in functions whose linked name matches. */
  private static List<Long> someAddresses(Path program, String names, int each) {
    List<Long> result = new ArrayList<>();
    try (ElfFile elf = ElfFile.open(program)) {
      SymbolTable table = SymbolTable.of(elf);
      Random random = new Random(7);
      for (int s = 0; s < table.count(); s++) {
        if (table.name(s).matches("(" + names + ").*")
            && !table.name(s).endsWith("@plt")
            && table.size(s) > 0) {
          for (int i = 0; i < each; i++) {
            result.add(table.address(s) + random.nextLong(table.size(s)));
          }
        }
      }
    }
    return result;
  }

  private static List<List<String>> addr2line(Path program, List<Long> addresses)
      throws IOException {
    Path list = Programs.folder("symbol").resolve("addresses");
    StringBuilder text = new StringBuilder();
    addresses.forEach(a -> text.append("0x").append(Long.toHexString(a)).append('\n'));
    Files.writeString(list, text);
    String out =
        Programs.run("sh", "-c", "addr2line -a -f -i -C -e '" + program + "' < '" + list + "'");
    List<List<String>> result = new ArrayList<>();
    String function = null;
    for (String line : out.strip().split("\n")) {
      if (line.startsWith("0x") && !line.contains(" ") && function == null) {
        result.add(new ArrayList<>());
      } else if (function == null) {
        function = line;
      } else {
        String number = line.substring(line.lastIndexOf(':') + 1).replaceFirst(" .*", "");
        result
            .getLast()
            .add(comparable(function) + " " + (number.equals("?") ? 0 : Integer.parseInt(number)));
        function = null;
      }
    }
    return result;
  }

  /** Without the clone suffix, which debug information does not know. */
  private static String comparable(String function) {
    return function
        .replaceFirst(" \\[clone .*", "")
        .replaceFirst("\\.(cold|part|isra|constprop).*", "");
  }
}
