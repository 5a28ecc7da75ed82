package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBP;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.core.x86.Register.RSP;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.Register;

/**
 * Reads memory of this process that may not be there, as if it were another's: process_vm_readv(2)
 * returns where a load would be a signal. The process is asked for its number each time, since a
 * block that was written before a fork, or from another PID namespace, names another one.
 */
final class MemoryCode {

  private static final int PAGE = 4096;

  /** arch/x86/entry/syscalls/syscall_64.tbl. */
  private static final int GETPID = 39;

  private static final int PROCESS_VM_READV = 310;

  /** Two of {@code struct iovec}: address and length. */
  private static final int IOVECS = 32;

  private static final Register[] SAVED = {RBX, RBP, R13, R14};

  private final Writer w;

  /** rdi to, rsi bytes, rdx from: rax = bytes read, or negative. */
  private final Label read = new Label();

  /** rdi where, rcx bytes: zeros; changes nothing but rcx. */
  private final Label clear = new Label();

  /** bpf_probe_read_str, for others to call. */
  final Label readString = new Label();

  MemoryCode(Writer writer) {
    this.w = writer;
  }

  /** rdi to, esi bytes, rdx from: all of it, or zeros and -EFAULT. */
  void read() {
    Label nothing = new Label();
    Label done = new Label();
    w.move32(RSI, RSI).test(RSI).jumpIf(Condition.EQUAL, nothing);
    w.push(RBX, RBP).move(RBX, RDI).move(RBP, RSI).call(read);
    w.compare(RAX, RBP).move(RAX, 0).jumpIf(Condition.EQUAL, done);
    w.move(RDI, RBX).move(RCX, RBP).call(clear).move(RAX, -Errno.EFAULT.value());
    w.bind(done).pop(RBX, RBP).ret();
    w.bind(nothing).clear(RAX).ret();
  }

  /**
   * rdi to, esi bytes, rdx from: a text with its end and zeros behind; its length with the end.
   * Page by page, because the text may end on the last one that is there.
   */
  void readString() {
    Label next = new Label();
    Label whole = new Label();
    Label scan = new Label();
    Label found = new Label();
    Label full = new Label();
    Label fault = new Label();
    Label out = new Label();
    Label nothing = new Label();
    w.bind(readString).move32(RSI, RSI).test(RSI).jumpIf(Condition.EQUAL, nothing);
    w.push(SAVED).move(RBX, RDI).move(RBP, RSI).move(R13, RDX).clear(R14);
    w.bind(next).compare(R14, RBP).jumpIf(Condition.EQUAL, full);
    w.address(RDX, at(R13, R14)).move(RSI, PAGE).move32(RAX, RDX);
    w.arithmetic32(Arithmetic.AND, RAX, PAGE - 1).subtract(RSI, RAX);
    w.move(RAX, RBP).subtract(RAX, R14).compare(RSI, RAX);
    w.jumpIf(Condition.BELOW_OR_EQUAL, whole).move(RSI, RAX).bind(whole);
    w.address(RDI, at(RBX, R14)).push(RSI).call(read).pop(RSI);
    w.compare(RAX, RSI).jumpIf(Condition.NOT_EQUAL, fault).add(RSI, R14);
    w.bind(scan).compare8(at(RBX, R14), 0).jumpIf(Condition.EQUAL, found).increment(R14);
    w.compare(R14, RSI).jumpIf(Condition.NOT_EQUAL, scan).jump(next);
    w.bind(found).address(RDI, at(RBX, R14)).move(RCX, RBP).subtract(RCX, R14).call(clear);
    w.address(RAX, at(R14, 1)).jump(out);
    w.bind(full).store8(Memory.at(RBX, RBP, 1, -1), 0).move(RAX, RBP).jump(out);
    w.bind(fault).move(RDI, RBX).move(RCX, RBP).call(clear).move(RAX, -Errno.EFAULT.value());
    w.bind(out).pop(SAVED).ret();
    w.bind(nothing).clear(RAX).ret();
  }

  void subroutines() {
    w.bind(read).subtract(RSP, IOVECS);
    w.store(at(RSP, 0), RDI).store(at(RSP, 8), RSI).store(at(RSP, 16), RDX).store(at(RSP, 24), RSI);
    w.systemCall(GETPID).move(RDI, RAX).move(RSI, RSP).move(RDX, 1);
    w.address(R10, at(RSP, 16)).move(R8, 1).move(R9, 0).systemCall(PROCESS_VM_READV);
    w.add(RSP, IOVECS).ret();
    Label words = new Label();
    Label rest = new Label();
    Label done = new Label();
    w.bind(clear);
    w.bind(words).subtract(RCX, 8).jumpIf(Condition.BELOW, rest);
    w.store(at(RDI, RCX), 0).jump(words);
    Label bytes = new Label();
    w.bind(rest).add(RCX, 8).bind(bytes).subtract(RCX, 1).jumpIf(Condition.BELOW, done);
    w.store8(at(RDI, RCX), 0).jump(bytes).bind(done).ret();
  }
}
