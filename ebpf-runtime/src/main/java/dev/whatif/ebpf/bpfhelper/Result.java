package dev.whatif.ebpf.bpfhelper;

/** What a helper leaves in r0 ({@code enum bpf_return_type}, include/linux/bpf.h). */
public enum Result {
  /** A number: 0 or a negative errno where it can fail. */
  NUMBER,
  /** A negative errno, or at most as much as the argument says how long the memory is. */
  LENGTH,
  /** The number of a CPU of this machine. */
  CPU,
  /** The address of a value of the map, or NULL. */
  VALUE_OR_NULL,
  /** The address of a ring record, or NULL. */
  RECORD_OR_NULL,
  /** Nothing that may be read; whatever is there is a number. */
  NOTHING
}
