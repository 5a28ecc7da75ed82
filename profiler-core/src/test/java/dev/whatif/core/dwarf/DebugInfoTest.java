package dev.whatif.core.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines, functions and inlines are those of addr2line. */
@Requires({Requirement.GCC, Requirement.GXX, Requirement.BINUTILS, Requirement.GDB})
class DebugInfoTest {

  @Test
  void redisServer() {
    Path redis = RedisServer.file();
    Agreement all = agreement("addr2line", redis, 10_000);
    assertThat(all.differences().size()).as(all.toString()).isZero();
    assertThat(all.known()).isGreaterThan(6_000);
    assertThat(all.inlined()).isGreaterThan(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gcc inlines.c -O0 -gdwarf-4",
        "gcc inlines.c -O1 -gdwarf-2",
        "gcc inlines.c -O2 -gdwarf-3",
        "gcc inlines.c -O2 -gdwarf-5",
        "gcc inlines.c -O3 -gdwarf-4 -no-pie",
        "gcc inlines.c -O3 -gdwarf-5 -static",
        "gcc inlines.c -Os -gdwarf-5 -gz",
        "gcc inlines.c -O2 -gdwarf-4 -ffunction-sections -Wl,--gc-sections",
        "gcc inlines.c -O2 -gdwarf-5 -ffunction-sections -Wl,--gc-sections",
        "gcc inlines.c -O2 -gdwarf-4 -flto",
        "g++ inlines.cc -O0 -gdwarf-5",
        "g++ inlines.cc -O2 -gdwarf-5",
        "g++ inlines.cc -O3 -gdwarf-4",
      })
  void compiledPrograms(String recipe) {
    Agreement all = agreement("addr2line", compiled(recipe), 1500);
    assertThat(all.differences().size()).as(all.toString()).isZero();
    assertThat(all.known()).isGreaterThan(50);
  }

  @Test
  @Requires(Requirement.LIBC_DEBUG)
  void libc() {
    Path debug = Programs.libcDebugFile();
    Agreement all = agreement("addr2line", debug, 4000);
    assertThat(all.differences().size()).as(all.toString()).isZero();
    assertThat(all.known()).isGreaterThan(3000);
  }

  @ParameterizedTest
  @Requires({Requirement.CLANG, Requirement.LLVM})
  @ValueSource(
      strings = {
        "clang inlines.c -O2 -gdwarf-5",
        "clang inlines.c -O0 -gdwarf-4",
        "clang++ inlines.cc -O2 -gdwarf-4 -std=c++17",
        "clang++ inlines.cc -O1 -gdwarf-5 -std=c++17"
      })
  void clangPrograms(String recipe) {
    // Clang numbers its range lists (DW_FORM_rnglistx); addr2line 2.40 loses inlines with such.
    String tool = recipe.contains("-gdwarf-5") ? "llvm-addr2line" : "addr2line";
    Agreement all = agreement(tool, compiled(recipe), 1500);
    assertThat(all.differences().size()).as(all.toString()).isZero();
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("matrix")
  void compiledMatrix(String recipe) {
    Agreement all = agreement("addr2line", compiled(recipe), 3000);
    assertThat(all.differences().size()).as(all.toString()).isZero();
  }

  static Stream<String> matrix() {
    return Stream.of("gcc inlines.c", "g++ inlines.cc")
        .flatMap(c -> Stream.of(" -O0", " -O1", " -O2", " -O3", " -Os").map(o -> c + o))
        .flatMap(c ->
            Stream.of(
                    " -gdwarf-2",
                    " -gdwarf-3",
                    " -gdwarf-4",
                    " -gdwarf-5",
                    " -gdwarf-5 -no-pie",
                    " -gdwarf-4 -gz",
                    " -gdwarf-4 -flto",
                    " -gdwarf-4 -fdebug-types-section",
                    " -gdwarf-5 -ffunction-sections -Wl,--gc-sections")
                .map(g -> c + g));
  }

  static Agreement agreement(String tool, Path program, int count) {
    try (ElfFile elf = ElfFile.open(program);
        DebugInfo info = DebugInfo.open(elf, null)) {
      Agreement result = Agreement.of(tool, program, info, elf, count);
      assertThat(info.damage()).isEmpty();
      return result;
    }
  }

  /** Compiler, source, flags. */
  static Path compiled(String recipe) {
    String[] words = recipe.split(" ");
    return Programs.compiledBy(words[0], words[1], Arrays.copyOfRange(words, 2, words.length));
  }
}
