package dev.whatif.ebpf.btf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requires({
  Requirement.CLANG_14,
  Requirement.CLANG_19,
  Requirement.BPFTOOL,
  Requirement.LIBBPF,
  Requirement.KERNEL_BTF
})
class ClangBtfTest {

  @ParameterizedTest
  @CsvSource({
    "clang-14, types", "clang-19, types",
    "clang-14, globals", "clang-19, globals",
    "clang-14, externs", "clang-19, externs",
    "clang-14, maps", "clang-19, maps"
  })
  void everyTypeOfAnObjectIsTheOneThatBpftoolReads(String compiler, String source) {
    Path object = Programs.folder("types-" + compiler).resolve(source + ".o");
    Programs.run(
        compiler,
        "-target",
        "bpf",
        "-O2",
        "-g",
        "-I/usr/include/x86_64-linux-gnu",
        "-c",
        Path.of("src", "test", "bpf", source + ".c").toString(),
        "-o",
        object.toString());
    byte[] raw;
    try (ElfFile elf = ElfFile.open(object)) {
      raw = elf.bytes(elf.section(".BTF").orElseThrow()).toArray(ValueLayout.JAVA_BYTE);
    }
    String theirs = Programs.run("bpftool", "btf", "dump", "file", object.toString());

    assertThat(BpftoolText.of(Btf.parse(object + ": .BTF", raw))).isEqualTo(theirs);
  }
}
