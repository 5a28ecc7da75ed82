package dev.whatif.ebpf.fuzz;

/** What programs run in. */
public enum FuzzEngine {
  INTERPRETER,
  JIT,
  KERNEL
}
