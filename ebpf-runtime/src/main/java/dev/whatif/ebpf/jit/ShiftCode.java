package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Shift;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;

/** Compiles shifts by what is in a register. */
final class ShiftCode {

  private final Output out;
  private final Values values;

  ShiftCode(Output out, Values values) {
    this.out = out;
    this.values = values;
  }

  /** {@code dst = dst shift count}; the machine masks the count as BPF does. */
  void byRegister(Width width, Shift shift, Register dst, Register count) {
    OperandSize size = Registers.size(width);
    if (out.features.contains(CpuFeature.BMI2)) {
      values.freeLive(dst);
      values.read(dst, width);
      var by = values.read(count, Width.W32);
      var from = values.read(dst, width);
      out.e.shift(shift, size, values.replace(dst), from, by);
    } else {
      var to = values.own(dst);
      inRcx(shift, size, to, values.read(count, Width.W32));
      values.clearFlags();
    }
  }

  /** Only cl can count without BMI2. */
  private void inRcx(
      Shift shift,
      OperandSize size,
      dev.whatif.core.x86.Register to,
      dev.whatif.core.x86.Register count) {
    Emitter e = out.e;
    var rcx = dev.whatif.core.x86.Register.RCX;
    if (count == rcx && to != rcx) {
      e.shift(shift, size, to);
    } else if (to == rcx) {
      e.move(Registers.SCRATCH, rcx);
      e.move(OperandSize.BITS32, rcx, count);
      e.shift(shift, size, Registers.SCRATCH);
      e.move(rcx, Registers.SCRATCH);
    } else {
      e.move(Registers.SCRATCH, rcx);
      e.move(OperandSize.BITS32, rcx, count);
      e.shift(shift, size, to);
      e.move(rcx, Registers.SCRATCH);
    }
  }
}
