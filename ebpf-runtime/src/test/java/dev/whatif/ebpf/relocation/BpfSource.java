package dev.whatif.ebpf.relocation;

import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles BPF programs and types for them; tests name the compiler as a requirement. */
enum BpfSource {
  CLANG_14("clang-14"),
  CLANG_19("clang-19");

  private static final Path SOURCES = Path.of("src", "test", "bpf").toAbsolutePath();

  private final String compiler;

  BpfSource(String compiler) {
    this.compiler = compiler;
  }

  /** Version 14 has no TYPE_MATCHES. */
  boolean knowsTypeMatches() {
    return this != CLANG_14;
  }

  /** The object of {@code src/test/bpf/NAME.c}. */
  Path object(String name, String... flags) {
    return compile(SOURCES.resolve(name + ".c"), name, flags);
  }

  /** The object of a text. */
  Path object(String name, CharSequence text) {
    try {
      Path source = Programs.folder("relocation").resolve(name + ".c");
      Files.writeString(source, text);
      return compile(source, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path compile(Path source, String name, String... flags) {
    String label = name + String.join("", flags).replace("-D", ".") + "." + compiler + ".o";
    Path object = Programs.folder("relocation").resolve(label);
    List<String> command =
        new ArrayList<>(
            List.of(
                compiler,
                "-target",
                "bpf",
                "-O2",
                "-g",
                "-mcpu=v3",
                "-w",
                "-fno-crash-diagnostics"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-I", SOURCES.toString(), "-c", source.toString()));
    command.addAll(List.of("-o", object.toString()));
    Programs.run(command.toArray(String[]::new));
    return object;
  }
}
