package dev.whatif.core.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.UsageException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A probe at a line stops where gdb's breakpoint at that line would. */
@Requires({Requirement.GCC, Requirement.GDB})
class LineSitesTest {

  private static final Pattern ADDRESS = Pattern.compile("(?m)^[\\d.]+\\s.*?0x(\\p{XDigit}+) in ");

  /** Lines inside functions: at a function's own line gdb goes behind its prologue. */
  @ParameterizedTest
  @ValueSource(strings = {"-O2 -gdwarf-5", "-O2 -gdwarf-4 -no-pie", "-O0 -g"})
  void areThoseOfABreakpoint(String flags) throws IOException {
    Path program = Programs.compiled("places.c", flags.split(" "));
    List<String> source = Files.readAllLines(Path.of("src/test/c/places.c"));
    List<Integer> lines = new ArrayList<>();
    for (int i = 1; i <= source.size(); i++) {
      if (source.get(i - 1).startsWith("  ") && source.get(i - 1).endsWith(";")) {
        lines.add(i);
      }
    }
    Map<Integer, Set<Long>> truth = breakpoints(program, lines);
    long[] cold = cold(program);
    int compared = 0;
    int copies = 0;
    List<String> differences = new ArrayList<>();
    try (RunningCode running = RunningCode.start(program);
        TargetCode code = running.code();
        ElfFile elf = ElfFile.open(program)) {
      for (int line : lines) {
        Set<Long> found = new TreeSet<>();
        try {
          code.sites(Place.parse("places.c:" + line))
              .forEach(s -> found.add(elf.addressOf(s.offset()).orElseThrow()));
        } catch (UsageException e) {
          continue; // gdb takes the next line then
        }
        Set<Long> expected = truth.getOrDefault(line, new TreeSet<>());
        if (found.removeIf(a -> a >= cold[0] && a < cold[1])) {
          // gdb 13 moves a breakpoint in a part that was split off to the function's beginning.
          found.remove(cold[2]);
          expected.remove(cold[2]);
        }
        compared++;
        copies += found.size() > 1 ? 1 : 0;
        if (!found.equals(expected)) {
          differences.add(line + ": " + hex(found) + ", gdb " + hex(expected));
        }
      }
    }
    assertThat(compared).isGreaterThan(20);
    assertThat(copies).isGreaterThan(flags.contains("-O2") ? 2 : -1);
    assertThat(differences).isEmpty();
  }

  private static Map<Integer, Set<Long>> breakpoints(Path program, List<Integer> lines)
      throws IOException {
    Map<Integer, Set<Long>> result = new TreeMap<>();
    Path script = Programs.folder("places").resolve("breakpoints");
    StringBuilder text = new StringBuilder("set breakpoint pending off\n");
    for (int line : lines) {
      text.append("break places.c:").append(line).append("\necho #").append(line);
      text.append("\\n\ninfo breakpoints\ndelete\n");
    }
    Files.writeString(script, text);
    String out = Programs.run("gdb", "-nx", "-batch", "-x", script.toString(), program.toString());
    for (String part : out.split("(?m)^#", -1)) {
      Matcher number = Pattern.compile("^(\\d+)\n").matcher(part);
      if (number.find()) {
        Set<Long> addresses = new TreeSet<>();
        for (Matcher m = ADDRESS.matcher(part); m.find(); ) {
          addresses.add(Long.parseUnsignedLong(m.group(1), 16));
        }
        result.put(Integer.valueOf(number.group(1)), addresses);
      }
    }
    return result;
  }

  /** First address of checked.cold, the one behind its last, first address of checked. */
  private static long[] cold(Path program) {
    long[] result = new long[3];
    for (String line : Programs.run("nm", "-S", program.toString()).lines().toList()) {
      String[] words = line.split(" ");
      if (line.endsWith(" checked.cold")) {
        result[0] = Long.parseUnsignedLong(words[0], 16);
        result[1] = result[0] + Long.parseUnsignedLong(words[1], 16);
      } else if (line.endsWith(" checked")) {
        result[2] = Long.parseUnsignedLong(words[0], 16);
      }
    }
    return result;
  }

  private static List<String> hex(Set<Long> addresses) {
    return addresses.stream().map(Long::toHexString).toList();
  }
}
