package dev.whatif.core.dwarf;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds what {@code -gsplit-dwarf} left out of a program: the {@code .dwo} file of each unit, at
 * the place that the compiler wrote or beside the program, or the {@code .dwp} package of all of
 * them beside the program. Thread-safe.
 */
final class SplitFiles implements AutoCloseable {

  private final String program;
  private final Consumer<BadDataException> damage;
  private final Map<Path, Optional<DebugFile>> files = new HashMap<>();
  private final List<ElfFile> opened = new ArrayList<>();
  private @Nullable SplitPackage dwp;
  private boolean dwpSought;

  /**
   * For the units of a program.
   *
   * @param program its path
   */
  SplitFiles(String program, Consumer<BadDataException> damage) {
    this.program = program;
    this.damage = damage;
  }

  /** The unit that has the functions: the split one of a skeleton if it is found, else itself. */
  synchronized Unit described(Unit unit) {
    String name = unit.splitFile();
    if (name.isEmpty()) {
      return unit;
    }
    for (Path candidate : candidates(unit, name)) {
      Optional<Unit> split = file(candidate).flatMap(f -> matching(f, unit));
      if (split.isPresent()) {
        return split.get().withSkeleton(unit);
      }
    }
    return dwp()
        .flatMap(p -> p.file(unit.splitId(), damage))
        .flatMap(f -> matching(f, unit))
        .map(split -> split.withSkeleton(unit))
        .orElse(unit);
  }

  @Override
  public synchronized void close() {
    opened.forEach(ElfFile::close);
    opened.clear();
    files.clear();
  }

  private List<Path> candidates(Unit unit, String name) {
    try {
      List<Path> result = new ArrayList<>();
      result.add(Path.of(unit.compilationFolder()).resolve(name));
      Path besideProgram = Path.of(program).resolveSibling(name);
      result.add(besideProgram);
      Path file = besideProgram.getFileName();
      if (file != null) {
        result.add(Path.of(program).resolveSibling(file));
      }
      return result;
    } catch (InvalidPathException e) {
      return List.of();
    }
  }

  private static Optional<Unit> matching(DebugFile file, Unit skeleton) {
    return file.units().stream().filter(u -> u.splitId() == skeleton.splitId()).findFirst();
  }

  private Optional<DebugFile> file(Path path) {
    return files.computeIfAbsent(
        path, p -> open(p).map(elf -> new DebugFile(new DebugSections(elf, ".dwo"), null, damage)));
  }

  private Optional<SplitPackage> dwp() {
    if (!dwpSought) {
      dwpSought = true;
      try {
        dwp = open(Path.of(program + ".dwp")).flatMap(SplitPackage::of).orElse(null);
      } catch (BadDataException e) {
        damage.accept(e);
      }
    }
    return Optional.ofNullable(dwp);
  }

  private Optional<ElfFile> open(Path path) {
    try {
      if (Files.isRegularFile(path)) {
        ElfFile elf = ElfFile.open(path);
        opened.add(elf);
        return Optional.of(elf);
      }
    } catch (BadDataException e) {
      damage.accept(e);
    } catch (UncheckedIOException e) {
      // Not readable for us: the same as not there.
      return Optional.empty();
    }
    return Optional.empty();
  }
}
