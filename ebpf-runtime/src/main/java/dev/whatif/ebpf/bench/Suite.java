package dev.whatif.ebpf.bench;

import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Programs to be measured: all of a folder's objects, and the C beside them.
 *
 * @param objects ascending by name
 * @param sources of C, ascending by name; may be fewer
 */
public record Suite(List<BpfObject> objects, List<Path> sources) {

  /** Copies the lists. */
  public Suite {
    objects = List.copyOf(objects);
    sources = List.copyOf(sources);
  }

  /**
   * Reads a folder.
   *
   * @throws UsageException when there are no objects ({@code *.bpf.o}) in it
   */
  public static Suite of(Path folder) {
    List<Path> objects = files(folder, ".bpf.o");
    if (objects.isEmpty()) {
      throw new UsageException(
          "%s: no *.bpf.o in it".formatted(folder), "build them: src/bench/bpf/build");
    }
    return new Suite(objects.stream().map(BpfObject::open).toList(), files(folder, ".bpf.c"));
  }

  private static List<Path> files(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of all programs. */
  public List<String> programs() {
    return objects.stream()
        .flatMap(o -> o.programs().stream())
        .map(ProgramDefinition::name)
        .toList();
  }
}
