package dev.whatif.causal.hostile;

import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a target does; the source is called as the constant. */
enum HostileTarget {
  /** A child that executes itself thousands of times. */
  EXEC_STORM,
  /** posix_spawn and vfork. */
  SPAWN_STORM,
  /** 200 forks a second. */
  FORK_STORM,
  /** signalfd(all), sigwait(all), and a thread that blocks all. */
  SIGNALS_BLOCKED,
  /** Stacks of 8 KiB in one arena, guards between them, 6 KiB of each free. */
  COROUTINES,
  /** The same with 3 KiB free, less than some signal frames. */
  DEEP_COROUTINES,
  /** Stacks of PTHREAD_STACK_MIN in one arena, guards between them. */
  SMALL_STACKS,
  /** 1,000 threads. */
  THOUSAND,
  /** Stacks that a profiler may take for others; by itself an ordinary thread. */
  ODD_STACKS,
  /** Alternate signal stacks, and handlers that run on them. */
  ALTSTACK,
  /** All registers, the red zone, x87, SSE, AVX. */
  REGISTERS,
  /** All ways to wait, none of which may end with EINTR. */
  WAITING,
  /** Takes all real-time signals for itself, late. */
  LATE_SIGACTION,
  /** Loads and unloads the region's library all the time. */
  DLOPEN_LOOP;

  private static final Path SOURCES = Path.of("src", "test", "c", "hostile").toAbsolutePath();
  private static final Path TRUTH =
      Path.of("..", "samples", "src", "main", "c", "truth").toAbsolutePath().normalize();
  private static final Path RUNTIME =
      Path.of("..", "ebpf-runtime", "src", "test", "c").toAbsolutePath().normalize();

  private volatile Path compiled;

  /** Starts it; it ends by itself after so many seconds. */
  HostileProcess start(double seconds) {
    return HostileProcess.start(
        executable(), seconds, this == DEEP_COROUTINES ? List.of("--variant", "deep") : List.of());
  }

  /** Starts it so that it sends itself the signals of a careless profiler. */
  HostileProcess startSpoilt(double seconds) {
    return HostileProcess.start(executable(), seconds, List.of("--variant", "spoil"));
  }

  /** Its program, compiled once for each JVM. */
  synchronized Path executable() {
    Path program = compiled;
    if (program == null) {
      program = compile();
      compiled = program;
    }
    return program;
  }

  private Path compile() {
    Path folder = Programs.folder("hostile");
    Path program = folder.resolve(sourceName());
    compile("gcc", program, List.of());
    if (this == DLOPEN_LOOP) {
      String library = folder.resolve("region.so").toString();
      String source = TRUTH.resolve("region.c").toString();
      Programs.run("gcc", "-O2", "-g", "-shared", "-fPIC", "-o", library, source);
    }
    return program;
  }

  private String sourceName() {
    return name().toLowerCase(Locale.ROOT).replace("deep_", "");
  }

  /** The same by another compiler. */
  void compile(String compiler, Path program, List<String> more) {
    List<String> command =
        new ArrayList<>(List.of(compiler, "-std=gnu11", "-O2", "-g", "-pthread"));
    command.addAll(more);
    command.addAll(List.of("-I" + TRUTH, "-I" + RUNTIME));
    if (this == REGISTERS) {
      command.add("-mno-red-zone"); // its assembly uses that itself
    }
    command.addAll(
        List.of("-o", program.toString(), SOURCES.resolve(sourceName() + ".c").toString()));
    command.add("-ldl");
    command.add("-lrt");
    Programs.run(command.toArray(String[]::new));
  }
}
