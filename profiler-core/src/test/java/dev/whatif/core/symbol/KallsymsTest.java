package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KallsymsTest {

  private static final String TEXT =
      """
      0000000000000000 A fixed_percpu_data
      ffffffff81000000 T _stext
      ffffffff81000000 T _text
      ffffffff81000040 t helper
      ffffffff81000080 W weak_one
      ffffffff81000080 t local_one
      ffffffff810000c0 D some_data
      ffffffffc0001000 t nf_hook\t[nf_tables]
      ffffffffc0002000 t _RNvC9my_module4init\t[my_module]
      """;

  private static SourceFrame at(String text, long pc) {
    return Kallsyms.parse(text.getBytes(StandardCharsets.UTF_8)).at(pc, pc).getFirst();
  }

  @Test
  void functionsReachToTheNextOneAndModulesAreObjects() {
    assertThat(at(TEXT, 0xffffffff81000044L))
        .isEqualTo(new SourceFrame("helper", "[kernel]", "", 0, FrameKind.KERNEL, 4));
    assertThat(at(TEXT, 0xffffffff81000000L).function()).isEqualTo("_stext");
    assertThat(at(TEXT, 0xffffffff81000080L).function()).isEqualTo("weak_one");
    assertThat(at(TEXT, 0xffffffffc0001010L))
        .isEqualTo(new SourceFrame("nf_hook", "[nf_tables]", "", 0, FrameKind.KERNEL, 16));
    assertThat(at(TEXT, 0xffffffffc0002000L).function()).isEqualTo("my_module::init");
    assertThat(at(TEXT, 0xffffffff80000000L).function()).isEqualTo("0xffffffff80000000");
  }

  @Test
  void hiddenAddressesMakeOneFrame() {
    String hidden = TEXT.replaceAll("(?m)^[0-9a-f]{16}", "0000000000000000");
    assertThat(at(hidden, 0xffffffff81000044L))
        .isEqualTo(new SourceFrame("[kernel]", "[kernel]", "", 0, FrameKind.KERNEL, 0));
  }

  @Test
  void damagedTextIsSkipped() {
    Random random = new Random(6);
    byte[] good = TEXT.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int k = 0; k < 1 + i % 8; k++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      assertThat(Kallsyms.parse(bad).at(0xffffffff81000044L, 0xffffffff81000044L)).hasSize(1);
    }
  }

  @Test
  @Requires(Requirement.KERNEL_SYMBOLS)
  void everyFunctionOfThisKernelHasOneOfItsNames() throws IOException {
    Map<Long, Set<String>> names = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/kallsyms"))) {
      String[] f = line.replace('\t', ' ').split(" ");
      if ("tTwW".contains(f[1]) && f[0].startsWith("ffff")) {
        names
            .computeIfAbsent(Long.parseUnsignedLong(f[0], 16), a -> new HashSet<>())
            .add(Demangler.demangle(f[2]).text());
      }
    }
    assertThat(names).hasSizeGreaterThan(10_000);
    try (Symbolizer symbolizer = new Symbolizer(new DebugFiles(List.of(), null))) {
      Map<Long, String> wrong = new HashMap<>();
      names.forEach((address, aliases) -> {
        SourceFrame frame = symbolizer.resolveKernel(address).getFirst();
        if (!aliases.contains(frame.function()) || frame.offset() != 0) {
          wrong.put(address, frame + " is not one of " + aliases);
        }
      });
      assertThat(wrong).isEmpty();
      assertThat(symbolizer.missing()).isEmpty();
    }
  }
}
