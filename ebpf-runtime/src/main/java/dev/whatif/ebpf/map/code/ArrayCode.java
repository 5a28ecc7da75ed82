package dev.whatif.ebpf.map.code;

import static dev.whatif.core.x86.Condition.ABOVE;
import static dev.whatif.core.x86.Condition.ABOVE_OR_EQUAL;
import static dev.whatif.core.x86.Condition.EQUAL;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.map.code.At.at;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.map.MapLayout;
import dev.whatif.ebpf.map.code.Assembly.Alu;

/** {@link dev.whatif.ebpf.map.ArrayMap} and {@link dev.whatif.ebpf.map.PerCpuArrayMap}. */
final class ArrayCode {

  private final Assembly a;

  ArrayCode(Assembly assembly) {
    this.a = assembly;
  }

  /** rdi map, rsi key: rax = address. */
  void lookup() {
    Place none = new Place();
    element(none);
    a.ret().bind(none).clear(RAX).ret();
  }

  /** rax = address of the element, in slot 0. */
  private void element(Place none) {
    a.load32(RAX, at(RSI, 0));
    a.alu32(Alu.CMP, RAX, at(RDI, MapLayout.MAX_ENTRIES_OFFSET)).jumpIf(ABOVE_OR_EQUAL, none);
    a.multiply(RAX, at(RDI, MapLayout.VALUE_STRIDE_OFFSET));
    a.alu(Alu.ADD, RAX, at(RDI, MapLayout.VALUES_OFFSET)).alu(Alu.ADD, RAX, RDI);
  }

  /** The same in this thread's slot. */
  void lookupOwn() {
    Place none = new Place();
    Blocks.slot(a, none);
    a.move(RDX, RAX);
    lookupOf(none);
  }

  /** The same in slot rdx, which may be any number. */
  void lookupSlot() {
    Place none = new Place();
    a.move32(RDX, RDX).alu32(Alu.CMP, RDX, at(RDI, MapLayout.SLOTS_OFFSET));
    a.jumpIf(ABOVE_OR_EQUAL, none);
    lookupOf(none);
  }

  private void lookupOf(Place none) {
    a.multiply(RDX, at(RDI, MapLayout.SLOT_STRIDE_OFFSET));
    element(none);
    a.alu(Alu.ADD, RAX, RDX).ret();
    a.bind(none).clear(RAX).ret();
  }

  /** rdi map, rsi key, rdx value, rcx flags. */
  void update(boolean perSlot) {
    Place invalid = new Place();
    Place tooBig = new Place();
    Place exists = new Place();
    a.alu(Alu.CMP, RCX, Bpf.BPF_EXIST).jumpIf(ABOVE, invalid);
    if (perSlot) {
      Blocks.slot(a, tooBig);
      a.move(R8, RAX).multiply(R8, at(RDI, MapLayout.SLOT_STRIDE_OFFSET));
    }
    element(tooBig);
    if (perSlot) {
      a.alu(Alu.ADD, RAX, R8);
    }
    a.alu(Alu.CMP, RCX, Bpf.BPF_NOEXIST).jumpIf(EQUAL, exists);
    a.load32(RCX, at(RDI, MapLayout.VALUE_SIZE_OFFSET)).move(R9, RDX);
    Blocks.copy(a, R9, RAX, RDX);
    a.clear(RAX).ret();
    a.bind(invalid);
    Blocks.fail(a, Errno.EINVAL);
    a.ret().bind(tooBig);
    Blocks.fail(a, Errno.E2BIG);
    a.ret().bind(exists);
    Blocks.fail(a, Errno.EEXIST);
    a.ret();
  }
}
