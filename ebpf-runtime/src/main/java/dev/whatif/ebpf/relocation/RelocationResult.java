package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.CoreRelocation;

/** What became of one relocation record. */
public sealed interface RelocationResult {

  /** The record; its instruction offset counts from the program's beginning. */
  CoreRelocation relocation();

  /**
   * In words: {@code struct task_struct.on_cpu at byte offset 52 in /sys/kernel/btf/vmlinux; was
   * 48}.
   */
  String explanation();

  /** Index of the instruction's slot in the program. */
  default int slot() {
    return relocation().instructionOffset() / dev.whatif.ebpf.isa.Slot.BYTES;
  }

  /**
   * The instruction holds the target's answer.
   *
   * @param before what it held
   * @param after what it holds
   */
  record Patched(CoreRelocation relocation, long before, long after, String explanation)
      implements RelocationResult {}

  /**
   * The target has no answer. The instruction is a call of a helper that no kernel has: harmless
   * where the program asks first whether the field exists, an error of the verifier ({@code invalid
   * func unknown#195896080}) where it does not.
   */
  record Poisoned(CoreRelocation relocation, String explanation) implements RelocationResult {}
}
