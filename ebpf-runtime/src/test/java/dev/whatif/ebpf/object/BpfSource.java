package dev.whatif.ebpf.object;

import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Objects compiled from {@code src/test/bpf}. */
public final class BpfSource {

  static final String[] COMPILERS = {"clang-14", "clang-19"};

  private BpfSource() {}

  /** The object of {@code src/test/bpf/SOURCE.c}. */
  public static Path compiled(String compiler, String source, String... flags) {
    Path folder = Programs.folder("objects-" + compiler);
    Path object = folder.resolve(source + String.join("", flags).replace('/', '_') + ".bpf.o");
    List<String> command =
        new ArrayList<>(List.of(compiler, "-target", "bpf", "-O2", "-g", "-mcpu=v3"));
    command.add("-I/usr/include/x86_64-linux-gnu");
    command.addAll(List.of(flags));
    command.addAll(List.of("-c", Path.of("src", "test", "bpf", source + ".c").toString(), "-o"));
    command.add(object.toString());
    Programs.run(command.toArray(String[]::new));
    return object;
  }

  /** The same after BPF's static linker, which finishes what the compiler leaves open. */
  static Path linked(String compiler, String source) {
    Path object = compiled(compiler, source);
    // The same name: libbpf puts it in front of the names of some maps.
    Path linked = Programs.folder("objects-linked-" + compiler).resolve(object.getFileName());
    Programs.run("bpftool", "gen", "object", linked.toString(), object.toString());
    return linked;
  }
}
