package dev.whatif.ebpf.object;

import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Objects compiled from {@code src/test/bpf}. */
public final class BpfSource {

  static final String[] COMPILERS = {"clang-14", "clang-19"};

  private static final Path FOLDER = Path.of("src", "test", "bpf").toAbsolutePath();

  private static final Map<Path, Path> MADE = new ConcurrentHashMap<>();

  private BpfSource() {}

  /** {@code src/test/bpf/NAME.c}. */
  public static Path file(String name) {
    return FOLDER.resolve(name + ".c");
  }

  /** The object of {@code src/test/bpf/SOURCE.c}. */
  public static Path compiled(String compiler, String source, String... flags) {
    Path folder = Programs.folder("objects-" + compiler);
    Path object = folder.resolve(source + String.join("", flags).replace('/', '_') + ".bpf.o");
    return once(compiler, file(source), object, flags);
  }

  /** Compiles it unless that object was made before: many tests share one. */
  public static Path once(String compiler, Path source, Path object, String... flags) {
    return MADE.computeIfAbsent(object, o -> compile(compiler, source, o, flags));
  }

  /** Compiles a source, here or elsewhere; headers beside the others are found. */
  public static Path compile(String compiler, Path source, Path object, String... flags) {
    List<String> command =
        new ArrayList<>(List.of(compiler, "-target", "bpf", "-O2", "-g", "-mcpu=v3"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-I" + FOLDER, "-I/usr/include/x86_64-linux-gnu"));
    command.addAll(List.of("-c", source.toString(), "-o", object.toString()));
    Programs.run(command.toArray(String[]::new));
    return object;
  }

  /** The same after BPF's static linker, which finishes what the compiler leaves open. */
  static Path linked(String compiler, String source) {
    Path object = compiled(compiler, source);
    // The same name: libbpf puts it in front of the names of some maps.
    Path linked = Programs.folder("objects-linked-" + compiler).resolve(object.getFileName());
    return MADE.computeIfAbsent(linked, l -> link(l, object));
  }

  private static Path link(Path linked, Path object) {
    Programs.run("bpftool", "gen", "object", linked.toString(), object.toString());
    return linked;
  }
}
