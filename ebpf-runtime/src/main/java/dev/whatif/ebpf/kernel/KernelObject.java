package dev.whatif.ebpf.kernel;

/**
 * Something that lives in the kernel as long as a file descriptor to it is open, here or elsewhere.
 */
public sealed interface KernelObject extends AutoCloseable
    permits KernelBtf, KernelLink, KernelMap, KernelProgram {

  /**
   * The file descriptor, closed on exec.
   *
   * @throws IllegalStateException once closed
   */
  int fd();

  /** The kernel's number for it, as {@code bpftool} shows it; 0 for what has none. */
  int id();

  /** Closes the descriptor; again has no effect. */
  @Override
  void close();
}
