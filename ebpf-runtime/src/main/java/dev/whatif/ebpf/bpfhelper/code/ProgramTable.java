package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.ebpf.jit.InvocationLayout;
import dev.whatif.ebpf.map.MapKind;
import dev.whatif.ebpf.map.MapLayout;

/**
 * Where tail calls lead: from an index to a program's number in the map, to this process's entry.
 */
final class ProgramTable {

  private final Writer w;

  ProgramTable(Writer writer) {
    this.w = writer;
  }

  /** rsi map, edx index: rax = entry of the program, or 0. */
  void lookup() {
    Label none = new Label();
    w.compare32(at(RSI, MapLayout.KIND_OFFSET), MapKind.PROG_ARRAY.number());
    w.jumpIf(Condition.NOT_EQUAL, none).move32(RDX, RDX);
    w.compare32(RDX, at(RSI, MapLayout.MAX_ENTRIES_OFFSET));
    w.jumpIf(Condition.ABOVE_OR_EQUAL, none);
    w.multiply(RDX, at(RSI, MapLayout.VALUE_STRIDE_OFFSET));
    w.add(RDX, at(RSI, MapLayout.VALUES_OFFSET)).load32(RDX, at(RDX, RSI));
    w.load(RCX, at(R12, InvocationLayout.PARAMETERS_OFFSET));
    // program 0 is none, and becomes the largest number
    w.arithmetic32(Arithmetic.SUBTRACT, RDX, 1);
    w.compare32(RDX, at(RCX, ParametersLayout.PROGRAM_COUNT_OFFSET));
    w.jumpIf(Condition.ABOVE_OR_EQUAL, none);
    w.load(RCX, at(RCX, ParametersLayout.PROGRAMS_OFFSET));
    w.load(RAX, Memory.at(RCX, RDX, Long.BYTES, 0)).ret();
    w.bind(none).clear(RAX).ret();
  }
}
