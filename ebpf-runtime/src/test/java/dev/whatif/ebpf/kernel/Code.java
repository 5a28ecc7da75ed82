package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.ebpf.isa.Slot;

/** Instructions put together slot by slot, for programs that need no compiler. */
final class Code {

  /** {@code r0 = 0; exit}. */
  static final byte[] RETURN_0 = of(move(0, 0), exit());

  private Code() {}

  static byte[] of(Slot... slots) {
    byte[] code = new byte[slots.length * Slot.BYTES];
    for (int i = 0; i < slots.length; i++) {
      slots[i].put(code, i);
    }
    return code;
  }

  /** {@code rD = imm}. */
  static Slot move(int dst, int imm) {
    return new Slot(0xb7, dst, 0, (short) 0, imm);
  }

  /** {@code rD = *(u32 *)(rS + offset)}. */
  static Slot load32(int dst, int src, int offset) {
    return new Slot(0x61, dst, src, (short) offset, 0);
  }

  /** {@code *(u64 *)(rD + offset) = imm}. */
  static Slot store64(int dst, int offset, int imm) {
    return new Slot(0x7a, dst, 0, (short) offset, imm);
  }

  /** {@code rD = address of the value at an offset in an array}, its first slot. */
  static Slot mapValue(int dst, KernelMap map) {
    return new Slot(0x18, dst, Bpf.BPF_PSEUDO_MAP_VALUE, (short) 0, map.fd());
  }

  /** The second slot of a 64-bit immediate. */
  static Slot upper(int imm) {
    return new Slot(0, 0, 0, (short) 0, imm);
  }

  static Slot exit() {
    return new Slot(0x95, 0, 0, (short) 0, 0);
  }
}
