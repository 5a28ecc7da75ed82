package dev.whatif.samples.benchmark;

import java.util.HashMap;
import java.util.Map;

/**
 * What one tool says about one run, in terms that both have: physical functions without offsets and
 * version suffixes; all code of an object that has no names is one.
 *
 * <p>Not thread-safe.
 */
final class PeerProfile {

  /** Code of an object without names. */
  static final String UNNAMED = "[unnamed]";

  /**
   * A function.
   *
   * @param name readable, without the version that a C library gives it
   * @param object its file's name, without folder
   */
  record Function(String name, String object) {

    static Function of(String name, String object) {
      int version = name.indexOf("@GLIBC_");
      version = version < 0 ? name.indexOf("@@") : version;
      String plain = version > 0 ? name.substring(0, version) : name;
      boolean unnamed =
          plain.equals("[unknown]")
              || plain.equals("[anon]")
              || plain.startsWith("[" + object + "]")
              || plain.startsWith("0x");
      return new Function(unnamed ? UNNAMED : plain, commonName(object));
    }

    /** What the two tools call differently and is the same. */
    private static String commonName(String object) {
      if (object.startsWith("[kernel") || object.startsWith("[guest.kernel")) {
        return "[kernel]";
      }
      // Code made at run time. The number is that of the process: another run, another number.
      return object.equals("[anon]") || object.equals("//anon") || object.matches("perf-\\d+\\.map")
          ? "perf-PID.map"
          : object;
    }
  }

  private final Map<Function, Long> self = new HashMap<>();
  private long samples;
  private long frames;
  private long wholeStacks;
  private long ownCpuNanos;
  private long bytes;

  /**
   * Adds a sample.
   *
   * @param leaf the innermost physical function
   * @param outermost the last frame
   * @param depth physical frames
   */
  void add(Function leaf, Function outermost, int depth) {
    samples++;
    frames += depth;
    self.merge(leaf, 1L, Long::sum);
    if (isBeginning(outermost)) {
      wholeStacks++;
    }
  }

  /** What it took: CPU time of the tool itself, and its file. */
  void cost(long cpuNanos, long fileBytes) {
    ownCpuNanos = cpuNanos;
    bytes = fileBytes;
  }

  /** Where programs, threads and processes begin: by the C library, the kernel, the Go runtime. */
  private static boolean isBeginning(Function f) {
    return switch (f.name()) {
      case "_start",
          "clone",
          "__clone",
          "clone3",
          "__clone3",
          "ret_from_fork_asm",
          "runtime.goexit",
          "runtime.goexit.abi0" ->
          true;
      default -> false;
    };
  }

  long samples() {
    return samples;
  }

  /** The share of a function in all samples, 0 to 1. */
  double share(Function f) {
    return samples == 0 ? 0 : (double) self.getOrDefault(f, 0L) / samples;
  }

  /** Samples in each function. */
  Map<Function, Long> self() {
    return self;
  }

  /** Stacks that end where a program or thread begins, 0 to 1. */
  double wholeShare() {
    return samples == 0 ? 0 : (double) wholeStacks / samples;
  }

  double framesEach() {
    return samples == 0 ? 0 : (double) frames / samples;
  }

  long ownCpuNanos() {
    return ownCpuNanos;
  }

  long bytes() {
    return bytes;
  }
}
