package dev.whatif.ebpf.kernel;

import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * How an object is loaded.
 *
 * @param relocation who fits field accesses to this kernel
 * @param programs which programs by name, in addition to leaving out those whose section begins
 *     with a question mark
 * @param pinFolder where maps that outlive their creator are found and put: a folder of a BPF file
 *     system
 */
public record LoadOptions(Relocation relocation, Predicate<String> programs, Path pinFolder) {

  /** Who applies CO-RE relocations. */
  public enum Relocation {
    /** The kernel itself (since 5.17). */
    KERNEL,
    /** {@link dev.whatif.ebpf.relocation}: for older kernels, with its own explanations. */
    OURS
  }

  /** The kernel relocates, every program is loaded. */
  public static final LoadOptions DEFAULT =
      new LoadOptions(Relocation.KERNEL, name -> true, Path.of("/sys/fs/bpf"));

  /** The same with another relocator. */
  public LoadOptions with(Relocation other) {
    return new LoadOptions(other, programs, pinFolder);
  }

  /** The same for some programs only. */
  public LoadOptions with(Predicate<String> chosen) {
    return new LoadOptions(relocation, chosen, pinFolder);
  }
}
