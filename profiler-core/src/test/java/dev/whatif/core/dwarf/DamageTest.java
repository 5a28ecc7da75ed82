package dev.whatif.core.dwarf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, asking ends soon and fails only in words. */
@Requires({Requirement.GCC, Requirement.GXX})
class DamageTest {

  private static final FunctionQuery WANTED =
      new FunctionQuery() {
        @Override
        public List<String> keys() {
          return List.of("mix", "main");
        }

        @Override
        public boolean matches(String qualified, @Nullable String linkageName) {
          return qualified.equals("mix") || qualified.equals("main");
        }
      };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gcc inlines.c -O2 -gdwarf-5",
        "gcc inlines.c -O2 -gdwarf-4",
        "gcc inlines.c -O1 -gdwarf-2",
        "gcc inlines.c -O2 -gdwarf-5 -gz",
        "g++ inlines.cc -O2 -gdwarf-5"
      })
  @Timeout(60)
  void mutatedSections(String recipe) throws IOException {
    byte[] good = Files.readAllBytes(DebugInfoTest.compiled(recipe));
    List<Section> sections = debugSections(good);
    Random random = new Random(7);
    int rounds = good.length > 200_000 ? 60 : 400;
    int damaged = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i < 1 + round % 20; i++) {
        Section s = sections.get(random.nextInt(sections.size()));
        // Half of them near the beginning: headers and tables.
        int range = (int) Math.min(s.size(), random.nextBoolean() ? 64 : s.size());
        bad[(int) s.offset() + random.nextInt(range)] =
            (byte) (random.nextBoolean() ? random.nextInt() : random.nextBoolean() ? 0xff : 0);
      }
      damaged += ask(bad) ? 1 : 0;
    }
    assertThat(damaged).isGreaterThan(rounds / 5);
  }

  /** Asks everywhere; whether damage was noticed. */
  private static boolean ask(byte[] image) {
    ElfFile elf = ElfFile.of(MemorySegment.ofArray(image), "bad.so");
    Section text = elf.section(".text").orElseThrow();
    try (DebugInfo info = DebugInfo.open(elf, null)) {
      assertThatCode(
              () -> {
                CodeSearch search = info.search();
                search.functions(WANTED).forEach(f -> assertThat(f.ranges()).isNotEmpty());
                for (SourceCode source : search.sources("inlines.c")) {
                  search.statements(source.path(), source.lastLine());
                }
                search.paths();
                for (long a = text.address(); a < text.address() + text.size(); a += 7) {
                  info.at(a);
                  info.function(a);
                }
              })
          .doesNotThrowAnyException();
      assertThat(info.damage()).allSatisfy(e -> assertThat(e).hasMessageStartingWith("bad.so: ."));
      return !info.damage().isEmpty();
    } catch (BadDataException e) {
      assertThat(e).hasMessageContaining("bad.so");
      return true;
    }
  }

  @Test
  void manyRangesOverEachOtherAreFlattenedInReasonableTime() {
    Overlay overlay = new Overlay();
    for (int i = 0; i < 200_000; i++) {
      overlay.add(1_000 + i, 2_000_000 - i, i);
    }
    AddressMap flat = overlay.flatten((a, b) -> Integer.compare(b, a));
    assertThat(flat.valueAt(1_000)).isZero();
    assertThat(flat.valueAt(1_000_000)).isEqualTo(199_999);
    assertThat(flat.valueAt(1_999_999)).isZero();
    assertThat(flat.valueAt(2_000_000)).isEqualTo(-1);
    assertThat(flat.valueAt(999)).isEqualTo(-1);
  }

  @Test
  void withoutDebugInformationNothingIsKnown() throws IOException {
    byte[] good = Files.readAllBytes(DebugInfoTest.compiled("gcc spin.c -O1 -g0"));
    ElfFile elf = ElfFile.of(MemorySegment.ofArray(good), "plain");
    try (DebugInfo info = DebugInfo.open(elf, null)) {
      long text = elf.section(".text").orElseThrow().address();
      assertThat(info.at(text)).isEmpty();
      assertThat(info.function(text)).isEmpty();
      assertThat(info.altLink()).isEmpty();
      assertThat(info.damage()).isEmpty();
    }
  }

  private static List<Section> debugSections(byte[] image) {
    return ElfFile.of(MemorySegment.ofArray(image), "good").sections().stream()
        .filter(s -> s.name().startsWith(".debug") && s.size() > 0)
        .toList();
  }
}
