package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R15;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Register;

/** bpf_loop (kernel/bpf/bpf_iter.c). */
final class LoopCode {

  /** BPF_MAX_LOOPS of include/linux/bpf.h. */
  private static final int MOST_TURNS = 8 << 20;

  private static final Register[] SAVED = {RBX, R13, R14, R15};

  private final Writer w;

  LoopCode(Writer writer) {
    this.w = writer;
  }

  /** edi turns, rsi function, rdx its context, rcx flags: turns made, until it returns not 0. */
  void loop() {
    Label invalid = new Label();
    Label tooMany = new Label();
    Label again = new Label();
    Label done = new Label();
    w.test(RCX).jumpIf(Condition.NOT_EQUAL, invalid);
    w.compare32(RDI, MOST_TURNS).jumpIf(Condition.ABOVE, tooMany);
    w.push(SAVED).clear(RBX).move32(R13, RDI).move(R14, RSI).move(R15, RDX);
    w.bind(again).compare32(RBX, R13).jumpIf(Condition.EQUAL, done);
    w.move32(RDI, RBX).move(RSI, R15).e.call(R14);
    w.increment(RBX).test(RAX).jumpIf(Condition.EQUAL, again);
    w.bind(done).move(RAX, RBX).pop(SAVED).ret();
    w.bind(invalid).fail(Errno.EINVAL);
    w.bind(tooMany).fail(Errno.E2BIG);
  }
}
