package dev.whatif.ebpf.isa;

/** How many bits of the registers an operation sees; a 32-bit result clears the upper half. */
public enum Width {
  W32,
  W64
}
