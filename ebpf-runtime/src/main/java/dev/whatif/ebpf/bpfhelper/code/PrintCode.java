package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R15;
import static dev.whatif.core.x86.Register.R8;
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
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.jit.InvocationLayout;

/**
 * bpf_snprintf (kernel/bpf/helpers.c) and bpf_trace_printk (kernel/trace/bpf_trace.c).
 *
 * <pre>
 *   [rsp]         gathered arguments                 {@link FormatArguments}
 *   [rsp + 512]   where the text begins; its length
 *   [rsp + 520]   room for it
 *   [rsp + 528]   format
 *   [rsp + 536]   three arguments of bpf_trace_printk
 * </pre>
 */
final class PrintCode {

  /** MAX_BPRINTF_VARARGS of include/linux/bpf.h, times 8. */
  private static final int MOST_ARGUMENT_BYTES = 96;

  private static final Register[] SAVED = {RBX, RBP, R13, R14, R15};
  private static final Memory START = at(RSP, FormatArguments.BYTES);
  private static final Memory ROOM = at(RSP, FormatArguments.BYTES + 8);
  private static final Memory FORMAT = at(RSP, FormatArguments.BYTES + 16);
  private static final int THREE_OFFSET = FormatArguments.BYTES + 24;
  private static final int FRAME = THREE_OFFSET + 3 * Long.BYTES;

  private final Writer w;
  private final FormatArguments arguments;
  private final FormatOutput output;
  private final Label reserve;
  private final Label submit;

  /** Takes the routines of rings, too. */
  PrintCode(
      Writer writer, FormatArguments arguments, FormatOutput output, Label reserve, Label submit) {
    this.w = writer;
    this.arguments = arguments;
    this.output = output;
    this.reserve = reserve;
    this.submit = submit;
  }

  /**
   * rdi text, esi room, rdx format, rcx arguments, r8d their bytes: length of all, with its end.
   */
  void snprintf() {
    Label invalid = new Label();
    Label given = new Label();
    Label out = new Label();
    w.test32(R8, Long.BYTES - 1).jumpIf(Condition.NOT_EQUAL, invalid);
    w.compare32(R8, MOST_ARGUMENT_BYTES).jumpIf(Condition.ABOVE, invalid);
    w.test32(R8).jumpIf(Condition.EQUAL, given);
    w.test(RCX).jumpIf(Condition.EQUAL, invalid).bind(given);
    w.push(SAVED).subtract(RSP, FRAME).move32(RSI, RSI);
    w.store(START, RDI).store(ROOM, RSI).store(FORMAT, RDX);
    w.move(R13, RCX).move32(R14, R8).shiftRight(R14, 3);
    prepare(out);
    w.load(R14, START).move(R15, R14).add(R15, ROOM);
    print();
    w.move(RAX, R14);
    w.arithmetic(Arithmetic.SUBTRACT, RAX, START).increment(RAX);
    lower32(out);
    w.bind(invalid).fail(Errno.EINVAL);
  }

  /** rdi format, esi its bytes, rdx, rcx, r8 arguments: length of the text. */
  void tracePrintk() {
    Label scan = new Label();
    Label ends = new Label();
    Label invalid = new Label();
    Label out = new Label();
    Label dropped = new Label();
    w.move32(RSI, RSI).clear(RAX);
    w.bind(scan).compare(RAX, RSI).jumpIf(Condition.EQUAL, invalid);
    w.compare8(at(RDI, RAX), 0).jumpIf(Condition.EQUAL, ends).increment(RAX).jump(scan);
    w.bind(ends).push(SAVED).subtract(RSP, FRAME).store(FORMAT, RDI);
    w.store(at(RSP, THREE_OFFSET), RDX).store(at(RSP, THREE_OFFSET + 8), RCX);
    w.store(at(RSP, THREE_OFFSET + 16), R8).address(R13, at(RSP, THREE_OFFSET)).move(R14, 3);
    w.move(RDX, RDI);
    prepare(out);
    w.clear(R14).clear(R15); // no room: counts only
    print();
    w.store(START, R14);
    intoRing(dropped);
    Label done = new Label();
    w.jump(done);
    w.bind(dropped).load(RDI, at(R12, InvocationLayout.PARAMETERS_OFFSET));
    w.atomicIncrement(at(RDI, ParametersLayout.TRACE_DROPPED_OFFSET));
    w.bind(done).load(RAX, START);
    lower32(out);
    w.bind(invalid).fail(Errno.EINVAL);
  }

  private void intoRing(Label dropped) {
    Label fits = new Label();
    w.load(RDI, at(R12, InvocationLayout.PARAMETERS_OFFSET));
    w.load(RDI, at(RDI, ParametersLayout.TRACE_RING_OFFSET)).test(RDI);
    w.jumpIf(Condition.EQUAL, dropped).address(RSI, at(R14, 1));
    w.compare(RSI, ParametersLayout.LONGEST_TRACE).jumpIf(Condition.BELOW_OR_EQUAL, fits);
    w.move(RSI, ParametersLayout.LONGEST_TRACE).bind(fits).store(ROOM, RSI).clear(RDX);
    w.call(reserve).test(RAX).jumpIf(Condition.EQUAL, dropped);
    w.move(RBP, RAX).move(R14, RAX).move(R15, RAX).add(R15, ROOM);
    print();
    w.move(RDI, RBP).clear(RSI).call(submit);
  }

  /** rdx is the format; leaves for "out" when it is none. */
  private void prepare(Label out) {
    w.move(RBX, RDX).move(R15, RSP).address(RBP, at(RSP, FormatArguments.BYTES));
    w.call(arguments.prepare).test(RAX).jumpIf(Condition.NOT_EQUAL, out);
  }

  /** Prints from r14 to r15, and ends the text when there is any room. */
  private void print() {
    Label inside = new Label();
    Label noRoom = new Label();
    w.load(RBX, FORMAT).move(R13, RSP).push(R14).call(output.print).pop(RAX);
    w.compare(RAX, R15).jumpIf(Condition.EQUAL, noRoom).move(RAX, R14);
    w.compare(RAX, R15).jumpIf(Condition.BELOW, inside).address(RAX, at(R15, -1));
    w.bind(inside).store8(at(RAX, 0), 0).bind(noRoom);
  }

  /** Returns the lower half of rax, an int. */
  private void lower32(Label out) {
    w.e.moveSignExtended(OperandSize.BITS32, OperandSize.BITS64, RAX, RAX);
    w.bind(out).add(RSP, FRAME).pop(SAVED).ret();
  }
}
