package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R11;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Unary;

/** bpf_csum_diff (net/core/filter.c): sums as of the Internet's checksum, RFC 1071. */
final class ChecksumCode {

  private final Writer w;

  /** rdi bytes, esi how many, eax sum before: eax = ones' complement sum of 32-bit words. */
  private final Label sum = new Label();

  ChecksumCode(Writer writer) {
    this.w = writer;
  }

  /** rdi from, esi bytes, rdx to, ecx bytes, r8d seed: seed + to - from, folded to 16 bits. */
  void difference() {
    Label noTo = new Label();
    Label done = new Label();
    w.move(R9, RDI).move32(R10, RSI).move32(RAX, R8);
    w.test32(RCX).jumpIf(Condition.EQUAL, noTo);
    w.move(RDI, RDX).move32(RSI, RCX).call(sum).test32(R10).jumpIf(Condition.EQUAL, done);
    w.move32(R8, RAX).clear(RAX).move(RDI, R9).move32(RSI, R10).call(sum);
    w.e.unary(Unary.NOT, OperandSize.BITS32, RAX);
    w.arithmetic32(Arithmetic.ADD, RAX, R8).arithmetic32(Arithmetic.ADD_CARRY, RAX, 0);
    w.jump(done).bind(noTo).test32(R10).jumpIf(Condition.EQUAL, done);
    // the same but for which zero it is
    w.e.unary(Unary.NOT, OperandSize.BITS32, RAX);
    w.call(sum).e.unary(Unary.NOT, OperandSize.BITS32, RAX);
    w.bind(done);
    for (int i = 0; i < 2; i++) { // the second time for the carry of the first
      w.move32(RCX, RAX).shiftRight(RCX, 16);
      w.arithmetic32(Arithmetic.AND, RAX, 0xffff).arithmetic32(Arithmetic.ADD, RAX, RCX);
    }
    w.ret();
  }

  void subroutines() {
    Label words = new Label();
    Label rest = new Label();
    Label two = new Label();
    Label fold = new Label();
    w.bind(sum).bind(words);
    w.arithmetic32(Arithmetic.SUBTRACT, RSI, 4).jumpIf(Condition.BELOW, rest);
    w.load32(RCX, at(RDI, 0)).add(RAX, RCX).add(RDI, 4).jump(words);
    // at most three bytes, as if zeros came behind them
    w.bind(rest).clear(RCX).test32(RSI, 1).jumpIf(Condition.EQUAL, two);
    w.move32(R11, RSI).arithmetic32(Arithmetic.AND, R11, 2);
    w.load8(RCX, at(RDI, R11)).test32(R11).jumpIf(Condition.EQUAL, two).shiftLeft(RCX, 16);
    w.bind(two).test32(RSI, 2).jumpIf(Condition.EQUAL, fold);
    w.load16(R11, at(RDI, 0)).arithmetic(Arithmetic.OR, RCX, R11);
    w.bind(fold).add(RAX, RCX);
    for (int i = 0; i < 2; i++) {
      w.move(RCX, RAX).shiftRight(RCX, 32).move32(RAX, RAX).add(RAX, RCX);
    }
    w.ret();
  }
}
