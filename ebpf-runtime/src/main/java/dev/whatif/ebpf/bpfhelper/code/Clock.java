package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Shift;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.jit.InvocationLayout;

/** Time: the processor's time stamp counter, scaled as {@link ParametersLayout} says. */
final class Clock {

  private final Writer w;

  /** rax = nanoseconds; changes rcx, rdx, r8, r9, r10, and r8 becomes the parameters. */
  private final Label time = new Label();

  Clock(Writer writer) {
    this.w = writer;
  }

  void monotonic() {
    w.jump(time);
  }

  void boot() {
    w.call(time).add(RAX, at(R8, ParametersLayout.BOOT_OFFSET)).ret();
  }

  void subroutines() {
    Label again = new Label();
    Label after = new Label();
    w.bind(time).load(R8, at(R12, InvocationLayout.PARAMETERS_OFFSET));
    w.bind(again).load32(R9, at(R8, ParametersLayout.CLOCK_VERSION_OFFSET));
    w.move32(R10, R9).arithmetic32(Arithmetic.AND, R10, 1);
    w.shiftLeft(R10, ParametersLayout.LINE_BYTES_LOG2).add(R10, R8);
    w.add(R10, ParametersLayout.LINES_OFFSET).timeStamp();
    w.arithmetic(Arithmetic.SUBTRACT, RAX, at(R10, ParametersLayout.BASE_TSC_OFFSET));
    // a line that another CPU has begun a moment ago
    w.jumpIf(Condition.ABOVE_OR_EQUAL, after).clear(RAX).bind(after);
    w.e.unary(Unary.MULTIPLY, OperandSize.BITS64, at(R10, ParametersLayout.MULTIPLIER_OFFSET));
    w.load(RCX, at(R10, ParametersLayout.SHIFT_OFFSET));
    w.e.shift(Shift.RIGHT, OperandSize.BITS64, RAX);
    w.negate(RCX);
    w.e.shift(Shift.LEFT, OperandSize.BITS64, RDX);
    w.arithmetic(Arithmetic.OR, RAX, RDX).add(RAX, at(R10, ParametersLayout.BASE_NANOS_OFFSET));
    w.compare32(R9, at(R8, ParametersLayout.CLOCK_VERSION_OFFSET));
    w.jumpIf(Condition.NOT_EQUAL, again).ret();
  }
}
