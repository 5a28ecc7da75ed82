package dev.whatif.core.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Section;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From names and lines to exactly the addresses for which binutils say these names and lines. */
@Requires({Requirement.GCC, Requirement.GXX, Requirement.BINUTILS})
class CodeSearchTest {

  /** Asks for one name, as addr2line prints it. */
  private record Named(String printed, List<String> keys) implements FunctionQuery {
    @Override
    public boolean matches(String qualified, @Nullable String linkageName) {
      return linkageName == null
          ? qualified.equals(printed) || qualified.endsWith("::" + printed)
          : linkageName.equals(printed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gcc places.c -O2 -gdwarf-5",
        "gcc places.c -O2 -gdwarf-4",
        "gcc places.c -O3 -gdwarf-5 -no-pie",
        "gcc places.c -O2 -gdwarf-5 -flto",
        "gcc places.c -O2 -gdwarf-4 -ffunction-sections -Wl,--gc-sections",
        "gcc inlines.c -O2 -gdwarf-5 -gz",
        "g++ places.cc -O2 -gdwarf-5",
        "g++ places.cc -O2 -gdwarf-4",
      })
  void aFunctionIsEveryAddressWhereAddr2lineNamesIt(String recipe) {
    check("addr2line", recipe);
  }

  /** Clang 14 numbers strings (DW_FORM_strx) and range lists, which addr2line 2.40 loses. */
  @ParameterizedTest
  @Requires({Requirement.CLANG, Requirement.LLVM})
  @ValueSource(
      strings = {
        "clang places.c -O2 -gdwarf-5",
        "clang++ places.cc -O2 -gdwarf-5",
        "clang++ places.cc -O2 -gdwarf-4"
      })
  void ofClangToo(String recipe) {
    check("llvm-addr2line", recipe);
  }

  private static void check(String tool, String recipe) {
    Path program = DebugInfoTest.compiled(recipe);
    try (ElfFile elf = ElfFile.open(program);
        DebugInfo info = DebugInfo.open(elf, null)) {
      Section text = elf.section(".text").orElseThrow();
      long[] all = LongStream.range(text.address(), text.address() + text.size()).toArray();
      Map<String, TreeSet<Long>> truth = new TreeMap<>();
      Truth.frames(tool, program, all)
          .forEach((address, frames) -> {
            for (Truth.Frame f : frames) {
              truth.computeIfAbsent(f.function(), n -> new TreeSet<>()).add(address);
            }
          });
      // What the debug information does not know, tools take from the symbols.
      Map<String, String> plain = namesOf(info, all);
      truth.keySet().retainAll(plain.keySet());
      if (tool.equals("addr2line")) {
        // Where the innermost function has no linkage name, addr2line 2.40 prints the symbol around
        // it, and in the padding behind a function that function.
        truth.keySet().removeIf(n -> recipe.startsWith("g++") && !n.startsWith("_Z"));
        TreeSet<Long> inside = insideSymbols(program);
        truth.values().forEach(addresses -> addresses.retainAll(inside));
      }
      assertThat(truth).hasSizeGreaterThan(5);
      truth.forEach((name, addresses) -> {
        List<FunctionCode> found =
            info.search().functions(new Named(name, List.of(name, plain.get(name))));
        assertSame(name, addressesOf(found), addresses);
        assertThat(found)
            .allSatisfy(copy ->
                assertThat(copy.ranges())
                    .anyMatch(r -> copy.entry() >= r.start() && copy.entry() < r.end()));
      });
    }
  }

  private static TreeSet<Long> insideSymbols(Path program) {
    TreeSet<Long> result = new TreeSet<>();
    for (String line : Programs.run("nm", "-S", program.toString()).lines().toList()) {
      String[] words = line.split(" ");
      if (words.length == 4 && "tTwW".contains(words[2])) {
        long start = Long.parseUnsignedLong(words[0], 16);
        LongStream.range(start, start + Long.parseUnsignedLong(words[1], 16)).forEach(result::add);
      }
    }
    return result;
  }

  /** Of each name that is printed the plain one. */
  private static Map<String, String> namesOf(DebugInfo info, long[] addresses) {
    Map<String, String> result = new HashMap<>();
    for (long a : addresses) {
      for (SourcePosition p : info.at(a)) {
        result.put(p.linkageName() == null ? p.function() : p.linkageName(), key(p.function()));
      }
    }
    result.remove("");
    return result;
  }

  private static String key(String function) {
    int template = function.indexOf('<');
    return template > 0 ? function.substring(0, template) : function;
  }

  private static TreeSet<Long> addressesOf(List<FunctionCode> copies) {
    TreeSet<Long> result = new TreeSet<>();
    for (FunctionCode copy : copies) {
      for (AddressRange r : copy.ranges()) {
        LongStream.range(r.start(), r.end()).forEach(result::add);
      }
    }
    return result;
  }

  /** Whatever way the names are kept: nothing that reading every unit finds is missed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gcc inlines.c -O2 -gdwarf-5 -gsplit-dwarf",
        "gcc inlines.c -O2 -gdwarf-4 -gsplit-dwarf",
        "g++ inlines.cc -O2 -gdwarf-5 -flto",
        "g++ inlines.cc -O2 -gdwarf-5 -fdebug-types-section"
      })
  void theKeysLeaveNoUnitOut(String recipe) {
    Path program = DebugInfoTest.compiled(recipe);
    try (ElfFile elf = ElfFile.open(program);
        DebugInfo info = DebugInfo.open(elf, null)) {
      allNamesAgree(elf, info);
    }
  }

  @Test
  @Requires(Requirement.DWZ)
  void norWhenTheNamesLieInAnotherFile() {
    Path folder = Programs.folder("places-dwz");
    String first = folder.resolve("first").toString();
    String second = folder.resolve("second").toString();
    Programs.run("cp", DebugInfoTest.compiled("g++ inlines.cc -O2 -gdwarf-4").toString(), first);
    Programs.run("cp", DebugInfoTest.compiled("g++ inlines.cc -O1 -gdwarf-4").toString(), second);
    Path common = folder.resolve("common");
    Programs.run("dwz", "-m", common.toString(), first, second);
    try (ElfFile elf = ElfFile.open(Path.of(first));
        ElfFile supplementary = ElfFile.open(common);
        DebugInfo info = DebugInfo.open(elf, supplementary)) {
      assertThat(info.altLink()).isPresent();
      allNamesAgree(elf, info);
    }
  }

  private static void allNamesAgree(ElfFile elf, DebugInfo info) {
    Section text = elf.section(".text").orElseThrow();
    long[] all = LongStream.range(text.address(), text.address() + text.size()).toArray();
    Map<String, String> plain = namesOf(info, all);
    assertThat(plain).hasSizeGreaterThan(8);
    Map<String, TreeSet<Long>> truth = new TreeMap<>();
    for (long a : all) {
      for (SourcePosition p : info.at(a)) {
        String name = p.linkageName() == null ? p.function() : p.linkageName();
        truth.computeIfAbsent(name, n -> new TreeSet<>()).add(a);
      }
    }
    plain.forEach((name, key) -> {
      List<FunctionCode> found = info.search().functions(new Named(name, List.of(name, key)));
      assertSame(name, addressesOf(found), truth.get(name));
    });
  }

  @Test
  void unitsWithoutTheNameAreNotRead() {
    Path redis = RedisServer.file();
    try (ElfFile elf = ElfFile.open(redis);
        DebugInfo info = DebugInfo.open(elf, null)) {
      List<Unit> units = info.units();
      FunctionQuery one = new Named("processCommand", List.of("processCommand"));
      assertThat(new FunctionUnits(one, e -> {}).of(units)).hasSizeBetween(1, units.size() / 10);
      assertThat(info.search().functions(one)).isNotEmpty();
      FunctionQuery none = new Named("noSuchFunction", List.of("noSuchFunction"));
      assertThat(new FunctionUnits(none, e -> {}).of(units)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gcc places.c -O2 -gdwarf-5",
        "gcc places.c -O2 -gdwarf-4",
        "gcc places.c -O0 -gdwarf-5 -no-pie",
        "g++ places.cc -O2 -gdwarf-5"
      })
  void aLineIsEveryAddressOfItsRows(String recipe) {
    Path program = DebugInfoTest.compiled(recipe);
    String source = recipe.split(" ")[1];
    Map<Integer, TreeSet<Long>> truth = DecodedLines.of(program, source);
    assertThat(truth).hasSizeGreaterThan(20);
    try (ElfFile elf = ElfFile.open(program);
        DebugInfo info = DebugInfo.open(elf, null)) {
      List<SourceCode> sources = info.search().sources(source);
      assertThat(sources).hasSize(1);
      SourceCode code = sources.getFirst();
      assertThat(code.path()).endsWith("/src/test/c/" + source);
      for (int line = 1; line <= code.lastLine() + 1; line++) {
        TreeSet<Long> found = new TreeSet<>();
        for (AddressRange r : code.code(line)) {
          LongStream.range(r.start(), r.end()).forEach(found::add);
        }
        assertSame("line " + line, found, truth.getOrDefault(line, new TreeSet<>()));
      }
    }
  }

  @Test
  void pathsMatchByWholeComponents() {
    Path program = DebugInfoTest.compiled("gcc places.c -O2 -gdwarf-5");
    try (ElfFile elf = ElfFile.open(program);
        DebugInfo info = DebugInfo.open(elf, null)) {
      CodeSearch search = info.search();
      String full = search.sources("places.c").getFirst().path();
      assertThat(search.sources("c/places.c")).hasSize(1);
      assertThat(search.sources(full)).hasSize(1);
      assertThat(search.sources("laces.c")).isEmpty();
      assertThat(search.sources("x/places.c")).isEmpty();
      assertThat(search.paths()).contains(full);
    }
  }

  private static void assertSame(String what, TreeSet<Long> found, TreeSet<Long> expected) {
    TreeSet<Long> lost = new TreeSet<>(expected);
    lost.removeAll(found);
    TreeSet<Long> wrong = new TreeSet<>(found);
    wrong.removeAll(expected);
    assertThat(lost.isEmpty() && wrong.isEmpty())
        .as(
            "%s: of %d addresses %d lost %s, and %d wrong %s",
            what, expected.size(), lost.size(), shown(lost), wrong.size(), shown(wrong))
        .isTrue();
  }

  private static List<String> shown(TreeSet<Long> addresses) {
    return addresses.stream().limit(5).map(Long::toHexString).toList();
  }
}
