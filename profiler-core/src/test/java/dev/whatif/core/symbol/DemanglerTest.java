package dev.whatif.core.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requires({Requirement.GXX, Requirement.BINUTILS})
class DemanglerTest {

  /** Linked names and how nm prints them. */
  private record Pair(String linked, String readable) {}

  private static List<Pair> namesOf(Path file, String... options) {
    List<String> command =
        new ArrayList<>(List.of("nm", "-p", "--defined-only", "--without-symbol-versions"));
    command.addAll(List.of(options));
    List<String> linked = new ArrayList<>(command);
    linked.add(file.toString());
    List<String> readable = new ArrayList<>(command);
    readable.addAll(List.of("-C", file.toString()));
    String[] a = Programs.run(linked.toArray(String[]::new)).split("\n");
    String[] b = Programs.run(readable.toArray(String[]::new)).split("\n");
    assertThat(b).hasSameSizeAs(a);
    List<Pair> result = new ArrayList<>();
    for (int i = 0; i < a.length; i++) {
      // data have suffixes of their own, which nm drops
      if (a[i].length() > 19
          && "tTwWi".indexOf(a[i].charAt(17)) >= 0
          && a[i].substring(19).startsWith("_")) {
        result.add(new Pair(a[i].substring(19), b[i].substring(19)));
      }
    }
    return result;
  }

  private static void assertAgree(List<Pair> pairs, int atLeast) {
    assertThat(pairs).hasSizeGreaterThan(atLeast);
    List<String> differences = new ArrayList<>();
    for (Pair p : pairs) {
      String ours = Demangler.demangle(p.linked()).text();
      // nm of binutils 2.40 leaves some escapes of the older Rust mangling as they are
      boolean leftByNm = p.readable().contains("$u") && !ours.contains("$");
      if (!leftByNm && !ours.equals(p.readable())) {
        differences.add(p.linked() + "\n  nm   " + p.readable() + "\n  ours " + ours);
      }
    }
    assertThat(differences).as("%d names", pairs.size()).isEmpty();
  }

  @Test
  void namesOfTheCppLibraryAreThoseOfNm() {
    Path library = Path.of(Programs.run("gcc", "-print-file-name=libstdc++.so.6").strip());
    assertAgree(namesOf(library, "-D"), 3000);
  }

  @Test
  @Requires(Requirement.RUSTC)
  void namesOfRustProgramsAreThoseOfNm() {
    assertAgree(namesOf(rust("v0")), 100);
    assertAgree(namesOf(rust("legacy")), 100);
  }

  private static Path rust(String mangling) {
    Path program = Programs.folder("symbol").resolve("names-" + mangling);
    if (!Files.exists(program)) {
      // the older mangling is an unstable option by now
      Programs.run(
          "env",
          "RUSTC_BOOTSTRAP=1",
          "rustc",
          "-Awarnings",
          "-O",
          "-Zunstable-options",
          "-Csymbol-mangling-version=" + mangling,
          "-o",
          program.toString(),
          Path.of("src", "test", "c", "names.rs").toString());
    }
    return program;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // vectors of the RFC and of the rustc-demangle crate
        "_RNvCs15kBYyAo9fc_7mycrate7example|mycrate::example",
        "_RNvMs_Cs4Cv8Wi1oAIB_7mycrateNtB4_7Example3foo|<mycrate::Example>::foo",
        "_RNvXCs15kBYyAo9fc_7mycrateNtB2_7ExampleNtB2_5Trait3foo|<mycrate::Example as mycrate::Trait>::foo",
        "_RNCINkXs25_NgCsbmNqQUJIY6D_4core5sliceINyB9_4IterhENuNgNoBb_4iter8iterator8Iterator9rpositionNCNgNpB9_6memchr7memrchrs_0E0Bb_|<core::slice::Iter<u8> as core::iter::iterator::Iterator>::rposition::<core::slice::memchr::memrchr::{closure#1}>::{closure#0}",
        "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std|alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>",
        "_RMC0INtC8arrayvec8ArrayVechKj7b_E|<arrayvec::ArrayVec<u8, 123>>",
        "_RMCs4fqI2P2rA04_13const_genericINtB0_8UnsignedKhb_E|<const_generic::Unsigned<11>>",
        "_RMCs4fqI2P2rA04_13const_genericINtB0_6SignedKs98_E|<const_generic::Signed<152>>",
        "_RMCs4fqI2P2rA04_13const_genericINtB0_6SignedKanb_E|<const_generic::Signed<-11>>",
        "_RMCs4fqI2P2rA04_13const_genericINtB0_4BoolKb1_E|<const_generic::Bool<true>>",
        "_RMCs4fqI2P2rA04_13const_genericINtB0_4CharKc76_E|<const_generic::Char<'v'>>",
        "_RMCs4fqI2P2rA04_13const_genericINtB0_4CharKca_E|<const_generic::Char<'\\n'>>",
        "_RNvNvNvNvNvNvNvC4crte3foo3bar|_RNvNvNvNvNvNvNvC4crte3foo3bar",
        "_RNvC6_123foo3bar|123foo::bar",
        "_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y|utf8_idents::საჭმელად_გემრიელი_სადილი",
        "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h05af221e174051e9E|<Test + 'static as foo::Bar<Test>>::bar",
        "_ZN3foo3bar17h05af221e174051e9E.llvm.1234|foo::bar",
        "_ZN3foo3barEv|foo::bar()",
        "_ZL3foov.cold|foo() [clone .cold]",
        "_ZN3foo3barEv@plt|foo::bar()@plt",
        "main|main",
        "_Z|_Z",
        "_R|_R",
      })
  void knownNames(String linked, String readable) {
    assertThat(Demangler.demangle(linked).text()).isEqualTo(readable);
  }

  @ParameterizedTest
  @ValueSource(strings = {"_RNvC3foo3bar", "_ZN3foo3bar17h05af221e174051e9E", "main"})
  void rustAndCAreNotCpp(String name) {
    assertThat(Demangler.demangle(name).cpp()).isFalse();
    assertThat(Demangler.demangle("_ZN3foo3barEv").cpp()).isTrue();
  }

  @Test
  void hostileNamesStayBounded() {
    // Each type holds the one before three times: 3^n characters.
    StringBuilder cpp = new StringBuilder("_Z1fFvPiS_S_E");
    for (int i = 0; i < 100; i++) {
      cpp.append("FvS").append(Integer.toString(i, 36).toUpperCase()).append("_S_S_E");
    }
    StringBuilder rust = new StringBuilder("_RIC1a");
    int last = rust.length() - 2;
    for (int i = 0; i < 40; i++) {
      int here = rust.length() - 2;
      String back = "B" + base62(last);
      rust.append("T").append(back).append(back).append(back).append("E");
      last = here;
    }
    for (String name :
        List.of(
            cpp.toString(),
            rust + "E",
            "_Z1f" + "P".repeat(1000) + "i",
            "_Z1f" + "P".repeat(100_000) + "i",
            "_Z1f" + "FvPF".repeat(250),
            "_ZN" + "9".repeat(1000),
            "_R" + "NvIS".repeat(50_000),
            "_RMC0" + "R".repeat(100_000) + "u",
            "_RMC0FG" + "Z".repeat(8) + "_Eu",
            "_RNvC1au99_" + "z".repeat(99),
            "_Z1f" + "@plt".repeat(10_000),
            "_ZN" + "1a".repeat(100_000) + "E")) {
      assertThat(Demangler.demangle(name).text().length()).isLessThan(1 << 20);
    }
  }

  @Test
  void damagedNamesAreAnsweredToo() {
    List<String> seeds =
        List.of(
            "_RNCINkXs25_NgCsbmNqQUJIY6D_4core5sliceINyB9_4IterhENuNgNoBb_4iter8iterator8Iterator9rpositionNCNgNpB9_6memchr7memrchrs_0E0Bb_",
            "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
            "_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y",
            "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h05af221e174051e9E",
            "_ZNSt3mapISsSt6vectorIiSaIiEESt4lessISsESaISt4pairIKSsS2_EEE4findERS6_");
    String letters = "BCEFGIKLMNRSTXYZ_0123456789abuvsnp$.\u0001\u00e4";
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder(seeds.get(i % seeds.size()));
      for (int k = 0; k < 1 + i % 4; k++) {
        int at = 2 + random.nextInt(name.length() - 2);
        char c = letters.charAt(random.nextInt(letters.length()));
        switch (random.nextInt(3)) {
          case 0 -> name.setCharAt(at, c);
          case 1 -> name.insert(at, c);
          default -> name.deleteCharAt(at);
        }
      }
      assertThat(Demangler.demangle(name.toString()).text()).isNotEmpty();
    }
  }

  private static String base62(int n) {
    String digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (n == 0) {
      return "_";
    }
    StringBuilder out = new StringBuilder();
    for (int x = n - 1; x > 0 || out.isEmpty(); x /= 62) {
      out.insert(0, digits.charAt(x % 62));
    }
    return out + "_";
  }
}
