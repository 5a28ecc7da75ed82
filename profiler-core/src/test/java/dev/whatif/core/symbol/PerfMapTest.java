package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerfMapTest {

  @TempDir Path folder;

  private PerfMap map(String text) throws IOException {
    Files.writeString(file(), text);
    return new PerfMap("perf-1.map", List.of(folder.resolve("none"), file()), null);
  }

  private Path file() {
    return folder.resolve("perf-1.map");
  }

  private static String name(PerfMap map, long address) {
    SourceFrame frame = map.at(address, address);
    return frame == null ? "none" : frame.function();
  }

  @Test
  void namesMayHaveSpacesAndNumbersMayHavePrefixes() throws IOException {
    PerfMap map = map("1000 10 LazyCompile:*f /srv/a b.js:12\n0x2000 0x20 g\nnonsense\n3000 10\n");
    assertThat(map.at(0x100f, 0x100f))
        .isEqualTo(
            new SourceFrame(
                "LazyCompile:*f /srv/a b.js:12", "perf-1.map", "", 0, FrameKind.JIT, 15));
    assertThat(name(map, 0x1010)).isEqualTo("none");
    assertThat(name(map, 0x201f)).isEqualTo("g");
    assertThat(name(map, 0x3000)).isEqualTo("none");
  }

  @Test
  void theLatestCodeAtAnAddressWins() throws IOException {
    PerfMap map = map("1000 100 old\n2000 100 other\n1080 1000 new\n");
    assertThat(name(map, 0x107f)).isEqualTo("old");
    assertThat(name(map, 0x1080)).isEqualTo("new");
    assertThat(name(map, 0x207f)).isEqualTo("new");
    assertThat(name(map, 0x2080)).isEqualTo("none");
  }

  @Test
  void whatIsWrittenLaterIsReadWhenItIsNeeded() throws Exception {
    PerfMap map = map("1000 10 first\n2000 10 sec");
    assertThat(name(map, 0x1000)).isEqualTo("first");
    assertThat(name(map, 0x2000)).isEqualTo("none");
    Files.writeString(file(), "ond\n3000 10 third\n", StandardOpenOption.APPEND);
    Thread.sleep(60); // files are looked at 20 times a second at most
    assertThat(name(map, 0x2000)).isEqualTo("second");
    assertThat(name(map, 0x3000)).isEqualTo("third");
    Files.writeString(file(), "4000 10 afresh\n");
    Thread.sleep(60);
    assertThat(name(map, 0x4000)).isEqualTo("afresh");
    assertThat(name(map, 0x1000)).isEqualTo("none");
  }

  @Test
  void linksAndFoldersAreNotRead() throws IOException {
    Files.writeString(folder.resolve("elsewhere"), "1000 10 secret\n");
    Files.createSymbolicLink(file(), folder.resolve("elsewhere"));
    PerfMap map = new PerfMap("perf-1.map", List.of(file(), folder), null);
    assertThat(name(map, 0x1000)).isEqualTo("none");
  }

  @Test
  void damageIsSkipped() throws IOException {
    Random random = new Random(8);
    for (int i = 0; i < 200; i++) {
      byte[] text =
          "1000 10 f\n7fffffffffff ffffffff g\n2000 7fffffffffffffff h\n"
              .repeat(20)
              .getBytes(StandardCharsets.UTF_8);
      for (int k = 0; k < 1 + i; k++) {
        text[random.nextInt(text.length)] = (byte) random.nextInt();
      }
      Files.write(file(), text);
      PerfMap map = new PerfMap("perf-1.map", List.of(file()), null);
      name(map, 0x1000);
      name(map, -1);
    }
    Files.write(file(), new byte[5_000_000]);
    assertThat(name(new PerfMap("perf-1.map", List.of(file()), null), 0x1000)).isEqualTo("none");
  }

  @Test
  @Requires(Requirement.GCC)
  void codeOfAProcessInAnonymousMemoryIsNamed() throws Exception {
    Path program = dev.whatif.testing.Programs.compiled("spin.c", "-O1");
    Path map = null;
    try (RunningProgram running = RunningProgram.start(program);
        Symbolizer symbolizer = new Symbolizer(new DebugFiles(List.of(), null))) {
      map = Path.of("/tmp/perf-" + running.pid() + ".map");
      Files.writeString(map, "5000000 100 jitted\n");
      AddressSpace space = running.space();
      space.map(new Mapping(0x5000000, 0x5001000, 0, "", "00:00", 0, true));
      assertThat(symbolizer.resolve(space, 0x5000010, false))
          .containsExactly(
              new SourceFrame(
                  "jitted", "perf-" + running.pid() + ".map", "", 0, FrameKind.JIT, 16));
      assertThat(symbolizer.resolve(space, 0x5000200, true))
          .containsExactly(new SourceFrame("[anon]", "[anon]", "", 0, FrameKind.NATIVE, 0x200));
    } finally {
      if (map != null) {
        Files.deleteIfExists(map);
      }
    }
  }
}
