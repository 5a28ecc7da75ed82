package dev.whatif.ebpf.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.CoreRelocationKind;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same object relocated by us and by libbpf: the same bytes, or both refuse. */
@Requires({
  Requirement.ROOT,
  Requirement.GCC,
  Requirement.LIBBPF,
  Requirement.CLANG_14,
  Requirement.CLANG_19,
  Requirement.KERNEL_BTF
})
class AgainstLibbpfTest {

  @ParameterizedTest
  @CsvSource({
    "CLANG_14, kinds, CLANG_19, types_a",
    "CLANG_14, kinds, CLANG_14, types_b",
    "CLANG_19, kinds, CLANG_14, types_a",
    "CLANG_19, kinds, CLANG_19, types_b",
    "CLANG_19, matches, CLANG_14, types_a",
    "CLANG_19, matches, CLANG_19, types_b",
    "CLANG_19, wide_enum, CLANG_14, types_a",
    "CLANG_19, wide_enum, CLANG_19, types_b",
  })
  void everyKindPresentAndMissing(
      Clang compiler, String program, Clang typesCompiler, String types) {
    Path object = compiler.object(program);
    Path target = typesCompiler.object(types);

    Libbpf theirs = Libbpf.relocate(object, target);

    assertThat(theirs.refused()).isFalse();
    assertSameCode(ours(object, btf(target)), theirs.programs());
  }

  @Test
  void theObjectsOfTheseTestsAskEveryKindOfQuestion() {
    Set<CoreRelocationKind> kinds = EnumSet.noneOf(CoreRelocationKind.class);
    for (String name : new String[] {"kinds", "matches"}) {
      for (ProgramDefinition program : BpfObject.open(Clang.CLANG_19.object(name)).programs()) {
        program.relocations().forEach(r -> kinds.add(r.kind()));
      }
    }
    assertThat(kinds).containsExactly(CoreRelocationKind.values());
  }

  @ParameterizedTest
  @EnumSource
  void theRunningKernel(Clang compiler) {
    Path object = compiler.object("kernel_kinds");

    Libbpf theirs = Libbpf.relocate(object);

    assertThat(theirs.refused()).isFalse();
    assertSameCode(ours(object, Btf.ofKernel()), theirs.programs());
  }

  /**
   * Clang 14 writes 32 bits of a 64-bit enumerator into BTF; and 32 bits have a sign for libbpf.
   */
  @ParameterizedTest
  @CsvSource({"CLANG_14, wide_enum", "CLANG_14, unsigned_enum", "CLANG_19, unsigned_enum"})
  void whatContradictsTheObjectsOwnTypesIsRefusedByBoth(Clang compiler, String program) {
    Path object = compiler.object(program);
    Path target = Clang.CLANG_19.object("types_a");

    assertThat(Libbpf.relocate(object, target).refused()).isTrue();
    assertThatThrownBy(() -> ours(object, btf(target)))
        .isInstanceOf(WhatifException.class)
        .hasMessageContaining("where the object's types say");
  }

  @ParameterizedTest
  @CsvSource({
    "'', false",
    "-DNARROWED, false",
    "-DNARROWED -DDIFFERS, false",
    "-DDIFFERS, true",
    "-DSIZES, true",
    "-DIDS, true"
  })
  void typesOfOneEssentialNameMustAgree(String flags, boolean refused) {
    String[] defines = flags.isEmpty() ? new String[0] : flags.split(" ");
    Path object = Clang.CLANG_19.object("ambiguous", defines);
    Path target = Clang.CLANG_19.object("types_twin");

    Libbpf theirs = Libbpf.relocate(object, target);

    assertThat(theirs.refused()).isEqualTo(refused);
    if (refused) {
      assertThatThrownBy(() -> ours(object, btf(target)))
          .hasMessageContaining("is ambiguous in")
          .hasMessageContaining("struct twin___other");
    } else {
      assertSameCode(ours(object, btf(target)), theirs.programs());
    }
  }

  @Test
  void randomTypesAndTheirLaterVersions() {
    compareRandom(1, 9);
  }

  @Test
  @Tag("long")
  void manyRandomTypesAndTheirLaterVersions() {
    compareRandom(1000, 1300);
  }

  private static void compareRandom(int from, int to) {
    int relocated = 0;
    for (int seed = from; seed < to; seed++) {
      Clang compiler = seed % 2 == 0 ? Clang.CLANG_14 : Clang.CLANG_19;
      RandomTypes types = new RandomTypes(seed);
      RandomTypes.Version here = types.first();
      RandomTypes.Version there = types.later(here);
      String text = there.targetText();
      // Some targets have every struct twice: the same twice, or two versions of it.
      if (seed % 8 == 3) {
        text += there.flavouredText();
      } else if (seed % 8 == 7) {
        text += types.later(there).flavouredText();
      }
      Path object = new RandomQuestions(seed, here).object(compiler, "random_program");
      Path target = Clang.CLANG_19.object("random_types", text);

      Libbpf theirs = Libbpf.relocate(object, target);

      if (theirs.refused()) {
        assertThatThrownBy(() -> ours(object, btf(target)))
            .as("seed %d: %s", seed, theirs.said())
            .isInstanceOf(WhatifException.class);
      } else {
        assertSameCode(ours(object, btf(target)), theirs.programs());
        relocated++;
      }
    }
    assertThat(relocated).isGreaterThan((to - from) / 2);
  }

  private static Btf btf(Path object) {
    return BpfObject.open(object).btf().orElseThrow();
  }

  private static Map<String, byte[]> ours(Path file, Btf target) {
    BpfObject object = BpfObject.open(file);
    CoreRelocator relocator = new CoreRelocator(object.btf().orElseThrow(), target);
    Map<String, byte[]> programs = new LinkedHashMap<>();
    for (ProgramDefinition program : object.programs()) {
      programs.put(program.name(), relocator.relocate(program).code());
    }
    return programs;
  }

  private static void assertSameCode(Map<String, byte[]> ours, Map<String, byte[]> theirs) {
    assertThat(ours.keySet()).isEqualTo(theirs.keySet());
    ours.forEach(
        (name, code) -> assertThat(code).as(name).asHexString().isEqualTo(hex(theirs.get(name))));
  }

  private static String hex(byte[] code) {
    return java.util.HexFormat.of().withUpperCase().formatHex(code);
  }
}
