package dev.whatif.ebpf.kernel;

import dev.whatif.ebpf.isa.Slot;
import java.util.ArrayList;
import java.util.List;

/** Instructions as the verifier left them. */
final class Xlated {

  private static final int WIDE_LOAD = 0x18;

  private Xlated() {}

  /** Without numbers of maps, which differ from load to load. */
  static List<Slot> withoutNumbers(KernelProgram program) {
    byte[] code = program.xlated();
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < code.length / Slot.BYTES; i++) {
      Slot slot = Slot.at(code, i);
      boolean wide = slot.opcode() == WIDE_LOAD && slot.src() != 0;
      slots.add(wide ? new Slot(slot.opcode(), slot.dst(), slot.src(), slot.offset(), 0) : slot);
    }
    return slots;
  }
}
