package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.ebpf.jit.InvocationLayout;

/** Who is running, and where: all of it stands in the invocation block. */
final class Identity {

  private final Writer w;

  Identity(Writer writer) {
    this.w = writer;
  }

  void pidTgid() {
    w.load(RAX, at(R12, InvocationLayout.PID_TGID_OFFSET)).ret();
  }

  void uidGid() {
    w.load(RAX, at(R12, InvocationLayout.UID_GID_OFFSET)).ret();
  }

  void cpu() {
    w.load32(RAX, at(R12, InvocationLayout.CPU_OFFSET)).ret();
  }

  void function() {
    w.load(RAX, at(R12, InvocationLayout.FUNCTION_OFFSET)).ret();
  }

  void cookie() {
    w.load(RAX, at(R12, InvocationLayout.COOKIE_OFFSET)).ret();
  }

  /** rdi buffer, esi bytes: as much of the name as there is room for, then zeros (strscpy_pad). */
  void comm() {
    Label copy = new Label();
    Label zeros = new Label();
    Label done = new Label();
    Label empty = new Label();
    w.move32(RSI, RSI).test(RSI).jumpIf(Condition.EQUAL, empty);
    w.clear(RAX).address(R8, at(RSI, -1)); // characters, at most
    w.bind(copy).compare(RAX, R8).jumpIf(Condition.EQUAL, zeros);
    w.compare(RAX, InvocationLayout.COMM_BYTES - 1).jumpIf(Condition.EQUAL, zeros);
    w.load8(RCX, Memory.at(R12, RAX, 1, InvocationLayout.COMM_OFFSET)).test32(RCX);
    w.jumpIf(Condition.EQUAL, zeros).store8(at(RDI, RAX), RCX).increment(RAX).jump(copy);
    w.bind(zeros).clear(RDX);
    w.store8(at(RDI, RAX), RDX).increment(RAX).compare(RAX, RSI).jumpIf(Condition.EQUAL, done);
    w.jump(zeros);
    w.bind(done).clear(RAX).ret();
    w.bind(empty).fail(Errno.EINVAL);
  }
}
