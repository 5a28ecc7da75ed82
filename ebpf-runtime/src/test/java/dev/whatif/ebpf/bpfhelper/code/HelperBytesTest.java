package dev.whatif.ebpf.bpfhelper.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the emitted bytes are, as objdump reads them. */
@Requires(Requirement.BINUTILS)
class HelperBytesTest {

  private static final Pattern LINE = Pattern.compile("\\s*([0-9a-f]+):\\t([0-9a-f ]+)\\t(.*)");

  /** The one vector-unit opcode, an order of loads, which changes no register. */
  private static final Pattern OTHER_REGISTERS =
      Pattern.compile("%([xyz]mm|st\\b|mm[0-7]|k[0-7]\\b|[cdefgs]s\\b)");

  private final HelperCode code = HelperCode.emit();

  private List<Matcher> disassembled() throws IOException {
    Path file = Programs.folder("helper-code").resolve("helpers.bin");
    Files.write(file, code.bytes());
    String text =
        Programs.run("objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-w", file.toString());
    List<Matcher> lines = text.lines().map(LINE::matcher).filter(Matcher::matches).toList();
    assertThat(lines).hasSizeGreaterThan(1000);
    return lines;
  }

  @Test
  void integerRegistersOnly() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Matcher line : disassembled()) {
      String text = line.group(3);
      names.add(text.split(" ")[0]);
      assertThat(text).as("at %s", line.group(1)).doesNotContain("(bad)");
      assertThat(OTHER_REGISTERS.matcher(text).find())
          .as("at %s: %s", line.group(1), text)
          .isFalse();
    }
    // no x87 instruction without operands, none that stops or traps, none that needs the CPU to
    // have more than x86-64 requires
    assertThat(names)
        .noneMatch(n -> n.startsWith("f") || n.startsWith("v") || n.startsWith("rdrand"))
        .doesNotContain("hlt", "cpuid", "std", "cld", "emms", "in", "out", "ud2");
  }

  @Test
  void helpersBeginAtInstructions() throws IOException {
    Set<Integer> starts = new TreeSet<>();
    disassembled().forEach(line -> starts.add(Integer.parseInt(line.group(1), 16)));
    for (HelperFunction helper : HelperFunction.values()) {
      assertThat(starts).as(helper.cName()).contains(code.offset(helper));
      assertThat(code.offset(helper) % 32).as(helper.cName()).isZero();
    }
  }

  @Test
  void sameBytesEveryTime() {
    assertThat(Arrays.equals(HelperCode.emit().bytes(), code.bytes())).isTrue();
    assertThat(code.bytes().length).isLessThan(16 << 10);
  }
}
