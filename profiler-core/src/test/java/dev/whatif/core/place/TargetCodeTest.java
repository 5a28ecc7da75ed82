package dev.whatif.core.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.UsageException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places in running programs. The truth about names is nm's. */
@Requires({Requirement.GCC, Requirement.GXX, Requirement.BINUTILS})
class TargetCodeTest {

  @ParameterizedTest
  @ValueSource(strings = {"-O2 -g", "-O2 -g -no-pie", "-O2", "-O2 -static-pie -g"})
  void aFunctionHasAllItsPartsAndCopies(String flags) throws IOException {
    Path program = Programs.compiled("places.c", flags.split(" "));
    Map<String, long[]> symbols = symbols(program);
    try (RunningCode running = RunningCode.start(program);
        TargetCode code = running.code()) {
      for (String function : List.of("checked", "fold", "difference", "lookup", "main", "first")) {
        Set<Long> parts = new TreeSet<>();
        symbols.forEach((name, range) -> {
          if (name.equals(function) || name.startsWith(function + ".")) {
            LongStream.range(range[0], range[1]).forEach(parts::add);
          }
        });
        Set<Long> found = addresses(program, code.ranges(Place.parse("places:" + function)));
        assertThat(found).as(function).containsAll(parts);
        if (!flags.contains("-g") || function.equals("checked")) {
          assertThat(found).as(function).isEqualTo(parts);
        }
      }
      assertThat(symbols.keySet())
          .anyMatch(n -> n.startsWith("checked.cold"))
          .anyMatch(n -> n.startsWith("fold.constprop"))
          .anyMatch(n -> n.startsWith("lookup.part"))
          .anyMatch(n -> n.contains(".isra"));
    }
  }

  /** lookup.part.0 is entered from the beginnings that were inlined: counting both counts twice. */
  @Test
  void aFunctionBeginsOnceForEachCall() throws IOException {
    Path program = Programs.compiled("places.c", "-O2", "-g");
    Map<String, long[]> symbols = symbols(program);
    try (RunningCode running = RunningCode.start(program);
        TargetCode code = running.code()) {
      Set<Long> checked = entries(program, code.sites(Place.parse("checked")));
      assertThat(checked).containsExactly(symbols.get("checked")[0]);
      Set<Long> lookup = entries(program, code.sites(Place.parse("lookup")));
      assertThat(lookup).doesNotContain(symbols.get("lookup.part.0")[0]).hasSizeGreaterThan(2);
      for (String caller : List.of("first", "second", "third")) {
        long[] range = symbols.get(caller);
        assertThat(lookup.stream().filter(a -> a >= range[0] && a < range[1])).hasSize(1);
      }
      Set<Long> fold = entries(program, code.sites(Place.parse("fold")));
      assertThat(fold).containsExactly(symbols.get("fold.constprop.0")[0]);
    }
  }

  @Test
  void cxxNamesAreFoundByAnyOfTheirForms() throws IOException {
    Path program = Programs.compiled("places.cc", "-O2", "-g");
    try (RunningCode running = RunningCode.start(program);
        TargetCode code = running.code()) {
      Set<Long> one = found(program, code, "shop::price(int)");
      Set<Long> both = found(program, code, "shop::price");
      Set<Long> global = found(program, code, "price");
      assertThat(one).isEqualTo(found(program, code, "_ZN4shop5priceEi"));
      assertThat(both)
          .containsAll(one)
          .hasSizeGreaterThan(one.size())
          .doesNotContainAnyElementsOf(global);
      assertThat(global)
          .isEqualTo(found(program, code, "price(int)"))
          .doesNotContainAnyElementsOf(one);
      assertThat(global).isEqualTo(found(program, code, "::price"));
      assertThat(found(program, code, "shop::largest"))
          .containsAll(found(program, code, "shop::largest<int>"))
          .containsAll(found(program, code, "shop::largest<double>"));
      assertThat(found(program, code, "shop::largest<int>"))
          .doesNotContainAnyElementsOf(found(program, code, "shop::largest<double>"));
      assertThat(found(program, code, "shop::hidden"))
          .isEqualTo(found(program, code, "shop::(anonymous namespace)::hidden(long)"));
      // Inlined into operator+= and pay: without a symbol, and without a linkage name.
      assertThat(found(program, code, "shop::Basket::operator+="))
          .containsAnyElementsOf(found(program, code, "shop::melted"));
      assertThat(found(program, code, "shop::pay"))
          .containsAnyElementsOf(found(program, code, "shop::melted"));
      assertThat(found(program, code, "shop::Basket::operator<")).isNotEmpty();
      assertThat(found(program, code, "shop::Basket::operator()")).isNotEmpty();
      assertThat(found(program, code, "shop::Basket::~Basket")).isNotEmpty();
      assertThat(found(program, code, "apply")).isNotEmpty();
    }
  }

  /** Each byte of code leads to regions, and their names lead back to the byte. */
  @ParameterizedTest
  @ValueSource(strings = {"places.c -O2 -g", "places.cc -O2 -g", "places.c -O2", "places.cc -O2"})
  void regionsOfSamplesLeadBack(String recipe) throws IOException {
    String[] words = recipe.split(" ");
    Path program = Programs.compiled(words[0], Arrays.copyOfRange(words, 1, words.length));
    Map<String, long[]> symbols = symbols(program);
    try (RunningCode running = RunningCode.start(program);
        TargetCode code = running.code()) {
      CodeFile file = code.files().getFirst();
      Map<String, Set<Long>> regions = new TreeMap<>();
      for (long[] range : symbols.values()) {
        for (long address = range[0]; address < range[1]; address += 5) {
          long offset = offset(program, address);
          CodeName name = code.name(file, offset);
          for (Level level : Level.values()) {
            List<CodeRange> ranges = code.rangesAt(file, offset, level);
            assertThat(ranges)
                .as(name + " " + level)
                .anyMatch(r -> r.file() == file && r.start() <= offset && offset < r.end());
            String region = name.regionOf(level);
            Set<Long> all = offsets(ranges);
            assertThat(regions.computeIfAbsent(region, r -> all)).as(region).isEqualTo(all);
          }
        }
      }
      assertThat(regions.size()).isGreaterThan(recipe.endsWith("-g") ? 30 : 8);
      regions.forEach((region, bytes) -> {
        if (!region.contains("/include/")) {
          assertThat(offsets(code.ranges(Place.parse(region)))).as(region).isEqualTo(bytes);
        }
      });
    }
  }

  @Test
  void filesAreFoundByNumberAndByAddress() throws IOException {
    Path program = Programs.compiled("places.c", "-O2", "-g");
    try (RunningCode one = RunningCode.start(program);
        RunningCode two = RunningCode.start(program);
        TargetCode code =
            TargetCode.of(List.of(one.pid(), two.pid()), new DebugFiles(List.of(), null))) {
      List<CodeFile> files = code.files();
      assertThat(files.stream().map(CodeFile::path)).doesNotHaveDuplicates();
      CodeFile file = files.getFirst();
      assertThat(file.path()).isEqualTo(program.toString());
      long dev = (Long) Files.getAttribute(program, "unix:dev");
      long major = dev >>> 8 & 0xfff;
      long minor = dev & 0xff | dev >>> 12 & 0xfff00;
      assertThat(file.device()).isEqualTo(major << 20 | minor);
      assertThat(file.deviceText()).isEqualTo("%02x:%02x".formatted(major, minor));
      assertThat(file.inode()).isEqualTo(Files.getAttribute(program, "unix:ino"));
      assertThat(code.file(file.device(), file.inode())).containsSame(file);
      assertThat(code.file(file.device(), file.inode() + 1)).isEmpty();
      CodePoint main = point(code, code.sites(Place.parse("main")).getFirst());
      for (int pid : List.of(one.pid(), two.pid())) {
        long address = addressIn(pid, main);
        assertThat(code.at(pid, address)).contains(main);
        assertThat(code.sites(Place.parse("0x" + Long.toHexString(address))))
            .containsExactly(new ProbeSite(main.file(), main.offset(), 0, ""));
      }
      assertThat(code.at(one.pid(), 1)).isEmpty();
      assertThatThrownBy(() -> code.ranges(Place.parse("0x1")))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("0x1");
    }
  }

  @Test
  void libraryThatIsLoadedLaterIsFoundAfterARefresh() throws IOException {
    Path library = Programs.compiled("library_places.c", "-O2", "-g", "-shared", "-fPIC");
    Path loader = Programs.compiled("loader.c", "-O1");
    try (RunningCode running = RunningCode.start(loader, library.toString());
        TargetCode code = running.code()) {
      Place sum = Place.parse("library_places:shared_sum");
      assertThatThrownBy(() -> code.ranges(sum))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("maps no file library_places");
      running.tell("load");
      running.await("loaded");
      assertThat(code.refresh(List.of(running.pid())))
          .extracting(CodeFile::path)
          .contains(library.toString());
      assertThat(code.refresh(List.of(running.pid()))).isEmpty();
      long[] symbol = symbols(library).get("shared_sum");
      Set<Long> inside =
          LongStream.range(symbol[0], symbol[1])
              .boxed()
              .collect(HashSet::new, Set::add, Set::addAll);
      assertThat(addresses(library, code.ranges(sum))).isEqualTo(inside);
      assertThat(inside).containsAll(addresses(library, code.ranges(Place.parse("doubled"))));
    }
  }

  @Test
  void strippedCodeIsSaidToBeAndFoundByItsAddress() throws IOException {
    Path named = Programs.compiled("places.c", "-O2");
    Path stripped = Programs.folder("places").resolve("stripped");
    Programs.run("strip", "-s", "-o", stripped.toString(), named.toString());
    try (RunningCode running = RunningCode.start(stripped);
        TargetCode code = running.code()) {
      assertThatThrownBy(() -> code.ranges(Place.parse("stripped:checked")))
          .isInstanceOfSatisfying(
              UsageException.class,
              e -> {
                assertThat(e).hasMessage("there is no function checked in stripped");
                assertThat(e.remedy()).contains("stripped is stripped", "debug package");
              });
      assertThatThrownBy(() -> code.ranges(Place.parse("places.c:30")))
          .isInstanceOfSatisfying(
              UsageException.class,
              e -> {
                assertThat(e.getMessage())
                    .startsWith(
                        "places.c:30 is not found: there is no line information (stripped, or"
                            + " built without -g) in stripped");
                assertThat(e.remedy()).contains("-g");
              });
      long[] symbol = symbols(named).get("checked");
      CodeName name = code.name(code.files().getFirst(), offset(named, symbol[0] + 5));
      String text = "[stripped]+0x" + Long.toHexString(symbol[0]);
      assertThat(name.function()).isEqualTo(text);
      Set<Long> inside =
          LongStream.range(symbol[0], symbol[1])
              .boxed()
              .collect(HashSet::new, Set::add, Set::addAll);
      assertThat(addresses(named, code.ranges(Place.parse(text)))).isEqualTo(inside);
      assertThat(entries(named, code.sites(Place.parse(text)))).containsExactly(symbol[0]);
    }
  }

  @Test
  void separateDebugFilesTellTheSame() throws IOException {
    Path whole = Programs.compiled("places.c", "-O2", "-g", "-Wl,--build-id");
    Path folder = Programs.folder("places-debug");
    String id;
    try (ElfFile elf = ElfFile.open(whole)) {
      id = elf.buildId().orElseThrow().hex();
    }
    Path debug =
        Files.createDirectories(folder.resolve(".build-id/" + id.substring(0, 2)))
            .resolve(id.substring(2) + ".debug");
    Path stripped = folder.resolve("places");
    Programs.run("objcopy", "--only-keep-debug", whole.toString(), debug.toString());
    Programs.run("strip", "-s", "-o", stripped.toString(), whole.toString());
    try (RunningCode a = RunningCode.start(whole);
        RunningCode b = RunningCode.start(stripped);
        TargetCode inside = a.code();
        TargetCode apart = TargetCode.of(List.of(b.pid()), new DebugFiles(List.of(folder), null))) {
      for (String place :
          List.of("places:checked", "places:blend", "places:lookup", "places.c:26")) {
        Place p = Place.parse(place);
        assertThat(offsets(apart.ranges(p)))
            .as(place)
            .isEqualTo(offsets(inside.ranges(p)))
            .isNotEmpty();
        assertThat(apart.sites(p).stream().map(ProbeSite::offset))
            .isEqualTo(inside.sites(p).stream().map(ProbeSite::offset).toList());
      }
    }
  }

  @Test
  void staticProbesHaveTheirSemaphore() throws IOException {
    Path program = Programs.compiled("probes.c", "-O2");
    try (RunningCode running = RunningCode.start(program);
        TargetCode code = running.code();
        ElfFile elf = ElfFile.open(program)) {
      List<ProbeSite> sites = code.sites(Place.parse("usdt:shop:sale"));
      assertThat(sites)
          .hasSize(2)
          .allSatisfy(s -> {
            assertThat(s.arguments()).startsWith("8@%");
            assertThat(elf.image().get(java.lang.foreign.ValueLayout.JAVA_BYTE, s.offset()))
                .isEqualTo((byte) 0x90);
          });
      String symbol =
          Programs.run("nm", program.toString())
              .lines()
              .filter(l -> l.endsWith("shop_sale_semaphore"))
              .findFirst()
              .orElseThrow();
      long address = Long.parseUnsignedLong(symbol.substring(0, 16), 16);
      assertThat(sites.getFirst().semaphoreOffset()).isEqualTo(offset(program, address));
      assertThat(code.sites(Place.parse("usdt:shop:closed")).getFirst().semaphoreOffset()).isZero();
      assertThatThrownBy(() -> code.sites(Place.parse("usdt:shop:sales")))
          .isInstanceOfSatisfying(
              UsageException.class, e -> assertThat(e.remedy()).contains("usdt:shop:sale"));
    }
  }

  @Test
  void whatComesNearIsNamed() throws IOException {
    Path program = Programs.compiled("places.cc", "-O2", "-g");
    try (RunningCode running = RunningCode.start(program);
        TargetCode code = running.code()) {
      refused(code, "places:prise", "shop::price");
      refused(code, "places:shop::hiden", "shop::hidden");
      refused(code, "place:price", "places");
      refused(code, "places.c:5", "places.cc");
      refused(code, "places.cc:1", "7");
      refused(code, "places.cc:4000", "the last one with code is");
      refused(code, "syscall:write", "name a function");
      refused(code, "java:a.B.c", "native");
      refused(code, "places+0x1", "report");
    }
  }

  @Test
  void aProcessThatEndedIsNoFailure() throws IOException {
    Path program = Programs.compiled("places.c", "-O2", "-g");
    TargetCode code;
    try (RunningCode running = RunningCode.start(program)) {
      code = running.code();
    }
    try (code) {
      assertThat(code.refresh(List.of(1 << 21))).isEmpty();
      // The program's own file is still there; those of others would be missing.
      assertThat(code.ranges(Place.parse("places:checked"))).isNotEmpty();
    }
    assertThat(code.name(code.files().getFirst(), 0x1234).function()).isEqualTo("[places]+0x1234");
  }

  private static void refused(TargetCode code, String place, String way) {
    assertThatThrownBy(() -> code.ranges(Place.parse(place)))
        .as(place)
        .isInstanceOfSatisfying(
            UsageException.class, e -> assertThat(e.remedy()).isNotNull().contains(way));
  }

  private static Set<Long> found(Path program, TargetCode code, String function) {
    return addresses(program, code.ranges(Place.parse("places:" + function)));
  }

  private static CodePoint point(TargetCode code, ProbeSite site) {
    return new CodePoint(site.file(), site.offset());
  }

  private static long addressIn(int pid, CodePoint point) throws IOException {
    return dev.whatif.core.process.ProcMaps.read(pid).stream()
        .filter(m ->
            m.executable()
                && m.path().equals(point.file().path())
                && point.offset() >= m.fileOffset()
                && point.offset() < m.fileOffset() + m.end() - m.start())
        .mapToLong(m -> m.start() + point.offset() - m.fileOffset())
        .findFirst()
        .orElseThrow();
  }

  private static Set<Long> offsets(List<CodeRange> ranges) {
    Set<Long> result = new TreeSet<>();
    for (CodeRange r : ranges) {
      LongStream.range(r.start(), r.end()).forEach(result::add);
    }
    return result;
  }

  private static Set<Long> addresses(Path program, List<CodeRange> ranges) {
    try (ElfFile elf = ElfFile.open(program)) {
      Set<Long> result = new TreeSet<>();
      for (CodeRange r : ranges) {
        assertThat(r.file().path())
            .isIn(program.toString(), Programs.folder("places").resolve("stripped").toString());
        LongStream.range(r.start(), r.end())
            .forEach(o -> result.add(elf.addressOf(o).orElseThrow()));
      }
      return result;
    }
  }

  private static Set<Long> entries(Path program, List<ProbeSite> sites) {
    try (ElfFile elf = ElfFile.open(program)) {
      Set<Long> result = new TreeSet<>();
      sites.forEach(s -> result.add(elf.addressOf(s.offset()).orElseThrow()));
      return result;
    }
  }

  private static long offset(Path program, long address) {
    try (ElfFile elf = ElfFile.open(program)) {
      return elf.segments().stream()
          .filter(
              s -> s.type() == 1 && address >= s.address() && address < s.address() + s.fileSize())
          .mapToLong(s -> address - s.address() + s.offset())
          .findFirst()
          .orElseThrow();
    }
  }

  /** First address and the one behind the last of each function, by {@code nm -S}. */
  private static Map<String, long[]> symbols(Path program) {
    Map<String, long[]> result = new TreeMap<>();
    for (String line : Programs.run("nm", "-S", program.toString()).lines().toList()) {
      String[] words = line.split(" ");
      if (words.length == 4 && "tTwW".contains(words[2])) {
        long start = Long.parseUnsignedLong(words[0], 16);
        result.put(words[3], new long[] {start, start + Long.parseUnsignedLong(words[1], 16)});
      }
    }
    return result;
  }
}
