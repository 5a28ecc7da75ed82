package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;

/** bpf_strncmp. */
final class TextCode {

  private final Writer w;

  TextCode(Writer writer) {
    this.w = writer;
  }

  /** rdi text that need not end, esi its bytes, rdx text: -1, 0 or 1 (lib/string.c). */
  void compare() {
    Label again = new Label();
    Label equal = new Label();
    Label different = new Label();
    Label below = new Label();
    w.move32(RSI, RSI).clear(RCX);
    w.bind(again).compare(RCX, RSI).jumpIf(Condition.EQUAL, equal);
    w.load8(R8, at(RDI, RCX)).load8(R9, at(RDX, RCX)).increment(RCX);
    w.compare32(R8, R9).jumpIf(Condition.NOT_EQUAL, different);
    w.test32(R8).jumpIf(Condition.NOT_EQUAL, again);
    w.bind(equal).clear(RAX).ret();
    w.bind(different).jumpIf(Condition.BELOW, below).move(RAX, 1).ret();
    w.bind(below).move(RAX, -1).ret();
  }
}
