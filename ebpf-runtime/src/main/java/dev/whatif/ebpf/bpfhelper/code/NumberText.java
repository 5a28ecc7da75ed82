package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R11;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Unary;

/** bpf_strtol and bpf_strtoul: rdi text, rsi bytes, rdx base and flags, rcx where to write. */
final class NumberText {

  private static final int BASE_MASK = 0x1f;

  /** Characters of a number behind its sign that count: those that the kernel copies. */
  private static final int LONGEST = 63;

  private static final int NO_BREAK_SPACE = 0xa0;

  private final Writer w;

  /** rdi, rsi, rdx as above: rax = length or errno, r9 value, r8d whether there is a sign. */
  private final Label parse = new Label();

  NumberText(Writer writer) {
    this.w = writer;
  }

  void signed() {
    Label positive = new Label();
    Label range = new Label();
    Label out = new Label();
    begin(out);
    w.test32(R8).jumpIf(Condition.EQUAL, positive);
    w.negate(R9).test(R9).jumpIf(Condition.GREATER, range).store(at(RCX, 0), R9).ret();
    w.bind(positive).test(R9).jumpIf(Condition.SIGN, range).store(at(RCX, 0), R9);
    w.bind(out).ret();
    w.bind(range).fail(Errno.ERANGE);
  }

  void unsigned() {
    Label invalid = new Label();
    Label out = new Label();
    begin(out);
    w.test32(R8).jumpIf(Condition.NOT_EQUAL, invalid).store(at(RCX, 0), R9);
    w.bind(out).ret();
    w.bind(invalid).fail(Errno.EINVAL);
  }

  private void begin(Label failed) {
    w.store(at(RCX, 0), 0).push(RBX, RCX).call(parse).pop(RBX, RCX);
    w.test(RAX).jumpIf(Condition.SIGN, failed);
  }

  /**
   * The steps of __bpf_strtoull (kernel/bpf/helpers.c), _parse_integer_fixup_radix and
   * _parse_integer (lib/kstrtox.c): r11 begins the text, r10 ends it, ebx is the base, rsi begins
   * the digits.
   */
  void subroutines() {
    Label invalid = new Label();
    Label noSign = new Label();
    w.bind(parse).move(RAX, RDX).arithmetic(Arithmetic.AND, RAX, ~BASE_MASK);
    w.jumpIf(Condition.NOT_EQUAL, invalid);
    base(invalid);
    w.move(R11, RDI).address(R10, at(RDI, RSI));
    spaces(invalid);
    w.clear(R8).compare32(RAX, '-').jumpIf(Condition.NOT_EQUAL, noSign);
    w.increment(R8).increment(RDI).compare(RDI, R10).jumpIf(Condition.EQUAL, invalid);
    Label inside = new Label();
    w.bind(noSign).address(RAX, at(RDI, LONGEST)).compare(RAX, R10);
    w.jumpIf(Condition.ABOVE_OR_EQUAL, inside).move(R10, RAX).bind(inside);
    prefix();
    digits(invalid);
    w.bind(invalid).fail(Errno.EINVAL);
  }

  private void base(Label invalid) {
    Label known = new Label();
    w.move32(RBX, RDX);
    for (int base : new int[] {0, 8, 10}) {
      w.compare32(RBX, base).jumpIf(Condition.EQUAL, known);
    }
    w.compare32(RBX, 16).jumpIf(Condition.NOT_EQUAL, invalid).bind(known);
  }

  /** Skips white space (lib/ctype.c, which is Latin-1's); eax = the character behind. */
  private void spaces(Label invalid) {
    Label again = new Label();
    Label space = new Label();
    Label done = new Label();
    w.bind(again).compare(RDI, R10).jumpIf(Condition.EQUAL, invalid).load8(RAX, at(RDI, 0));
    Characters.ifControlSpace(w, RAX, RCX, space);
    w.compare32(RAX, ' ').jumpIf(Condition.EQUAL, space);
    w.compare32(RAX, NO_BREAK_SPACE).jumpIf(Condition.NOT_EQUAL, done);
    w.bind(space).increment(RDI).jump(again).bind(done);
  }

  /** Skips 0x, and finds the base where none is given. */
  private void prefix() {
    Label decimal = new Label();
    Label octal = new Label();
    Label hexadecimal = new Label();
    Label done = new Label();
    w.compare8(at(RDI, 0), '0').jumpIf(Condition.NOT_EQUAL, decimal);
    character(1, octal);
    w.arithmetic32(Arithmetic.OR, RAX, 0x20).compare32(RAX, 'x');
    w.jumpIf(Condition.NOT_EQUAL, octal);
    w.compare32(RBX, 16).jumpIf(Condition.EQUAL, hexadecimal);
    w.test32(RBX).jumpIf(Condition.NOT_EQUAL, done);
    character(2, octal);
    value(octal);
    w.bind(hexadecimal).move(RBX, 16).add(RDI, 2).jump(done);
    w.bind(octal).test32(RBX).jumpIf(Condition.NOT_EQUAL, done).move(RBX, 8).jump(done);
    w.bind(decimal).test32(RBX).jumpIf(Condition.NOT_EQUAL, done).move(RBX, 10);
    w.bind(done);
  }

  private void character(int offset, Label none) {
    w.address(RAX, at(RDI, offset)).compare(RAX, R10).jumpIf(Condition.ABOVE_OR_EQUAL, none);
    w.load8(RAX, at(RDI, offset));
  }

  /** ecx = value of the digit eax, 0 to 15. */
  private void value(Label none) {
    Label found = new Label();
    w.address32(RCX, at(RAX, -'0')).compare32(RCX, 9);
    w.jumpIf(Condition.BELOW_OR_EQUAL, found);
    w.arithmetic32(Arithmetic.OR, RAX, 0x20).address32(RCX, at(RAX, 10 - 'a'));
    w.compare32(RCX, 10).jumpIf(Condition.BELOW, none);
    w.compare32(RCX, 15).jumpIf(Condition.ABOVE, none).bind(found);
  }

  private void digits(Label invalid) {
    Label again = new Label();
    Label end = new Label();
    Label overflow = new Label();
    Register result = R9;
    w.move(RSI, RDI).clear(result);
    w.bind(again).compare(RDI, R10).jumpIf(Condition.ABOVE_OR_EQUAL, end).load8(RAX, at(RDI, 0));
    value(end);
    w.compare32(RCX, RBX).jumpIf(Condition.ABOVE_OR_EQUAL, end).move(RAX, result);
    w.e.unary(Unary.MULTIPLY, OperandSize.BITS64, RBX);
    w.jumpIf(Condition.OVERFLOW, overflow).add(RAX, RCX).jumpIf(Condition.BELOW, overflow);
    w.move(result, RAX).increment(RDI).jump(again);
    w.bind(end).compare(RDI, RSI).jumpIf(Condition.EQUAL, invalid);
    w.move(RAX, RDI).subtract(RAX, R11).ret();
    w.bind(overflow).fail(Errno.ERANGE);
  }
}
