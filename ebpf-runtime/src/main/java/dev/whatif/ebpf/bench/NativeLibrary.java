package dev.whatif.ebpf.bench;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SharedLibrary;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** The programs' C, compiled to native code and loaded into this process. */
final class NativeLibrary implements AutoCloseable {

  private static final long LOOK_NANOS = 5_000_000;

  private final String name;
  private final Path file;
  private final SharedLibrary library;

  private NativeLibrary(String name, Path file) {
    this.name = name;
    this.file = file;
    library = SharedLibrary.open(file);
  }

  /** Whether there is a compiler. */
  static boolean canCompile(String compiler) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(folder, compiler))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Compiles and loads.
   *
   * @param name what to call it in tables
   * @throws UnavailableException with what the compiler says
   */
  static NativeLibrary compile(
      String name, String compiler, List<Path> sources, List<String> flags) {
    try {
      Path file = Files.createTempFile("whatif-bench", ".so");
      List<String> command = new ArrayList<>(List.of(compiler));
      command.addAll(flags);
      command.addAll(List.of("-w", "-shared", "-fPIC", "-fvisibility=hidden", "-o"));
      command.add(file.toString());
      sources.forEach(s -> command.add(s.toString()));
      Spawn process = Spawn.running(command, SpawnHeader.Files.INHERITED);
      while (process.running()) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      if (process.ended().map(e -> e.exitStatus() != 0).orElse(true)) {
        Files.delete(file);
        throw new UnavailableException(
            compiler + " cannot compile the benchmark; what it says stands above",
            "leave native code out (--against kernel)");
      }
      return new NativeLibrary(name, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** Where a function is. */
  OptionalLong address(String function) {
    return library.address(function);
  }

  @Override
  public void close() {
    library.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
