package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles BPF programs and types for them; tests name the compiler as a requirement. */
enum Clang {
  CLANG_14("clang-14"),
  CLANG_19("clang-19");

  private final String compiler;

  Clang(String compiler) {
    this.compiler = compiler;
  }

  /** Version 14 has no TYPE_MATCHES. */
  boolean knowsTypeMatches() {
    return this != CLANG_14;
  }

  /** The object of {@code src/test/bpf/NAME.c}. */
  Path object(String name, String... flags) {
    return BpfSource.once(compiler, BpfSource.file(name), file(name, flags), quietly(flags));
  }

  /** The object of a text. */
  Path object(String name, CharSequence text) {
    try {
      Path source = Programs.folder("relocation").resolve(name + ".c");
      Files.writeString(source, text);
      return BpfSource.compile(compiler, source, file(name), quietly());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String name, String... flags) {
    String label = name + String.join("", flags).replace("-D", ".") + "." + compiler + ".o";
    return Programs.folder("relocation").resolve(label);
  }

  private static String[] quietly(String... flags) {
    List<String> all = new ArrayList<>(List.of("-w", "-fno-crash-diagnostics"));
    all.addAll(List.of(flags));
    return all.toArray(String[]::new);
  }
}
