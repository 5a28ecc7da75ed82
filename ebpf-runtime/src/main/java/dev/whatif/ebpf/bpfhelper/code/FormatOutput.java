package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R15;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.core.x86.Register.RSP;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Unary;

/**
 * Prints by a format that {@link FormatArguments} has found good, as bstr_printf (lib/vsprintf.c)
 * does. What has no room is not written, but counted.
 *
 * <pre>
 *   rbx  format, at the next character     r14  where the next character goes, room or not
 *   r13  next of the gathered arguments    r15  end of the room
 *
 *   of one conversion:  r8d  flags         r9d  width, -1 for none; what is left to fill
 * </pre>
 */
final class FormatOutput {

  private static final int ZERO = 1;
  private static final int PLUS = 2;
  private static final int LEFT = 4;
  private static final int SPACE = 8;
  private static final int SIGNED = 16;
  private static final int UPPER_CASE = 32;
  private static final int PREFIX = 64;

  /** 64 bits in decimal have 20 digits. */
  private static final int DIGITS = 24;

  private static final int POINTER_DIGITS = 16;

  private final Writer w;

  /** The registers above; the format and the arguments change, and so does r14. */
  final Label print = new Label();

  /** Writes al. */
  private final Label put = new Label();

  /** Writes al r9d times; r9d = 0 then. Changes rcx, rdx. */
  private final Label fill = new Label();

  /** Writes rsi bytes from rdi; changes both, and rax. */
  private final Label copy = new Label();

  /** Writes rax with the base ecx. */
  private final Label number = new Label();

  /** Writes the text at r13, and goes on behind it. */
  private final Label text = new Label();

  private final Label next = new Label();

  FormatOutput(Writer writer) {
    this.w = writer;
  }

  void subroutines() {
    Label done = new Label();
    Label plain = new Label();
    Label conversion = new Label();
    w.bind(print).bind(next).load8(RAX, at(RBX, 0)).test32(RAX).jumpIf(Condition.EQUAL, done);
    w.increment(RBX).compare32(RAX, '%').jumpIf(Condition.EQUAL, conversion);
    w.bind(plain).call(put).jump(next);
    w.bind(done).ret();
    w.bind(conversion);
    width();
    w.compare32(RAX, '%').jumpIf(Condition.EQUAL, plain);
    kind();
    text();
    number();
    smallOnes();
  }

  /** r8d, r9d = flags and width; eax = the character behind, where rbx is no more. */
  private void width() {
    Label flags = new Label();
    Label digits = new Label();
    Label done = new Label();
    w.clear(R8).bind(flags).load8(RAX, at(RBX, 0)).increment(RBX);
    flag('0', ZERO, flags);
    flag('+', PLUS, flags);
    flag('-', LEFT, flags);
    flag(' ', SPACE, flags);
    w.move(R9, -1);
    w.address32(RCX, at(RAX, -'1')).compare32(RCX, 8).jumpIf(Condition.ABOVE, done).clear(R9);
    w.bind(digits).e.multiply(OperandSize.BITS32, R9, R9, 10);
    w.address32(R9, Memory.at(R9, RAX, 1, -'0')).load8(RAX, at(RBX, 0)).increment(RBX);
    Characters.between(w, RAX, RCX, '0', '9', digits);
    w.bind(done);
  }

  private void flag(char character, int flag, Label then) {
    Label other = new Label();
    w.compare32(RAX, character).jumpIf(Condition.NOT_EQUAL, other);
    w.arithmetic32(Arithmetic.OR, R8, flag).jump(then).bind(other);
  }

  private void kind() {
    Label character = new Label();
    Label pointer = new Label();
    Label string = new Label();
    w.compare32(RAX, 's').jumpIf(Condition.EQUAL, string);
    w.compare32(RAX, 'c').jumpIf(Condition.EQUAL, character);
    w.compare32(RAX, 'p').jumpIf(Condition.EQUAL, pointer);
    integer();
    w.bind(string).call(text).jump(next);
    w.bind(character).load8(R10, at(R13, 0)).increment(R13).decrement(R9);
    fillUnless(LEFT, ' ');
    w.move32(RAX, R10).call(put);
    fill(' ');
    w.jump(next);
    pointer(pointer);
  }

  private void integer() {
    Label wide = new Label();
    Label fetched = new Label();
    Label unsigned = new Label();
    Label upper = new Label();
    Label lower = new Label();
    Label print16 = new Label();
    w.clear(RDX);
    for (int i = 0; i < 2; i++) { // l or ll
      Label short_ = new Label();
      w.compare32(RAX, 'l').jumpIf(Condition.NOT_EQUAL, short_);
      w.move(RDX, 1).load8(RAX, at(RBX, 0)).increment(RBX).bind(short_);
    }
    w.move32(RCX, RAX);
    align();
    w.test32(RDX).jumpIf(Condition.NOT_EQUAL, wide);
    w.e.loadSignExtended(OperandSize.BITS32, OperandSize.BITS64, RAX, at(R13, 0));
    w.add(R13, Integer.BYTES).jump(fetched);
    w.bind(wide).load(RAX, at(R13, 0)).add(R13, Long.BYTES).bind(fetched);
    w.compare32(RCX, 'u').jumpIf(Condition.EQUAL, unsigned);
    w.compare32(RCX, 'x').jumpIf(Condition.EQUAL, lower);
    w.compare32(RCX, 'X').jumpIf(Condition.EQUAL, upper);
    w.arithmetic32(Arithmetic.OR, R8, SIGNED).move(RCX, 10).call(number).jump(next);
    w.bind(unsigned).move(RCX, 10).jump(print16);
    w.bind(upper).arithmetic32(Arithmetic.OR, R8, UPPER_CASE);
    w.bind(lower).move(RCX, 16).bind(print16);
    Label whole = new Label();
    w.test32(RDX).jumpIf(Condition.NOT_EQUAL, whole).move32(RAX, RAX).bind(whole);
    w.call(number).jump(next);
  }

  private void align() {
    w.add(R13, 3).arithmetic(Arithmetic.AND, R13, -4);
  }

  private void pointer(Label pointer) {
    Label string = new Label();
    Label symbol = new Label();
    Label print = new Label();
    Label rest = new Label();
    Label skip = new Label();
    w.bind(pointer).load8(RCX, at(RBX, 0));
    w.compare32(RCX, 'k').jumpIf(Condition.EQUAL, string);
    w.compare32(RCX, 'u').jumpIf(Condition.EQUAL, string);
    align();
    w.load(RAX, at(R13, 0)).add(R13, Long.BYTES);
    for (char c : new char[] {'s', 'S', 'B'}) {
      w.compare32(RCX, c).jumpIf(Condition.EQUAL, symbol);
    }
    w.compare32(R9, -1).jumpIf(Condition.NOT_EQUAL, print);
    w.move(R9, POINTER_DIGITS).arithmetic32(Arithmetic.OR, R8, ZERO).jump(print);
    w.bind(symbol).arithmetic32(Arithmetic.AND, R8, ~ZERO);
    w.arithmetic32(Arithmetic.OR, R8, PREFIX);
    w.bind(print).move(RCX, 16).call(number).jump(rest);
    w.bind(string).move(R9, -1).call(text);
    // the kernel takes all letters and digits for the pointer's kind
    w.bind(rest).load8(RCX, at(RBX, 0));
    Characters.ifAlphanumeric(w, RCX, RAX, skip);
    w.jump(next).bind(skip).increment(RBX).jump(rest);
  }

  private void text() {
    Label length = new Label();
    Label found = new Label();
    w.bind(text).move(RDI, R13).clear(RSI);
    w.bind(length).compare8(at(RDI, RSI), 0).jumpIf(Condition.EQUAL, found);
    w.increment(RSI).jump(length);
    w.bind(found).address(R13, Memory.at(RDI, RSI, 1, 1));
    w.arithmetic32(Arithmetic.SUBTRACT, R9, RSI);
    fillUnless(LEFT, ' ');
    w.call(copy);
    fill(' ');
    w.ret();
  }

  private void fill(char character) {
    w.move(RAX, character).call(fill);
  }

  private void fillUnless(int flags, char character) {
    Label not = new Label();
    w.test32(R8, flags).jumpIf(Condition.NOT_EQUAL, not);
    fill(character);
    w.bind(not);
  }

  /** The steps of number() in lib/vsprintf.c. */
  private void number() {
    Label unsigned = new Label();
    Label digit = new Label();
    Label noSign = new Label();
    w.bind(number).clear(R10).test32(R8, SIGNED).jumpIf(Condition.EQUAL, unsigned);
    sign(unsigned);
    w.bind(unsigned).subtract(RSP, DIGITS).address(RDI, at(RSP, DIGITS));
    w.bind(digit).clear(RDX).e.unary(Unary.DIVIDE, OperandSize.BITS64, RCX);
    digit();
    w.decrement(RDI).store8(at(RDI, 0), RDX).test(RAX).jumpIf(Condition.NOT_EQUAL, digit);
    w.address(RSI, at(RSP, DIGITS)).subtract(RSI, RDI);
    w.arithmetic32(Arithmetic.SUBTRACT, R9, RSI);
    Label noPrefix = new Label();
    w.test32(R8, PREFIX).jumpIf(Condition.EQUAL, noPrefix);
    w.arithmetic32(Arithmetic.SUBTRACT, R9, 2).bind(noPrefix);
    fillUnless(ZERO | LEFT, ' ');
    w.move32(RAX, R10).test32(RAX).jumpIf(Condition.EQUAL, noSign).call(put).bind(noSign);
    Label plain = new Label();
    w.test32(R8, PREFIX).jumpIf(Condition.EQUAL, plain);
    w.move(RAX, '0').call(put).move(RAX, 'x').call(put).bind(plain);
    fillUnless(LEFT, '0');
    w.call(copy);
    fill(' ');
    w.add(RSP, DIGITS).ret();
  }

  private void sign(Label none) {
    Label positive = new Label();
    Label found = new Label();
    w.move(R10, '-').test(RAX).jumpIf(Condition.NO_SIGN, positive).negate(RAX).jump(found);
    w.bind(positive).move(R10, '+').test32(R8, PLUS).jumpIf(Condition.NOT_EQUAL, found);
    w.move(R10, ' ').test32(R8, SPACE).jumpIf(Condition.NOT_EQUAL, found);
    w.clear(R10).jump(none);
    w.bind(found).arithmetic32(Arithmetic.SUBTRACT, R9, 1);
  }

  private void digit() {
    Label done = new Label();
    w.add(RDX, '0').compare32(RDX, '9').jumpIf(Condition.BELOW_OR_EQUAL, done);
    w.add(RDX, 'a' - '9' - 1).test32(R8, UPPER_CASE).jumpIf(Condition.EQUAL, done);
    w.subtract(RDX, 'a' - 'A').bind(done);
  }

  private void smallOnes() {
    Label noRoom = new Label();
    w.bind(put).compare(R14, R15).jumpIf(Condition.ABOVE_OR_EQUAL, noRoom);
    w.store8(at(R14, 0), RAX).bind(noRoom).increment(R14).ret();
    Label none = new Label();
    Label again = new Label();
    Label end = new Label();
    w.bind(fill).test32(R9).jumpIf(Condition.LESS_OR_EQUAL, none);
    w.move32(RCX, R9).address(RDX, at(R14, RCX));
    w.bind(again).compare(R14, R15).jumpIf(Condition.ABOVE_OR_EQUAL, end);
    w.compare(R14, RDX).jumpIf(Condition.EQUAL, end);
    w.store8(at(R14, 0), RAX).increment(R14).jump(again);
    w.bind(end).move(R14, RDX).bind(none).clear(R9).ret();
    Label bytes = new Label();
    Label copied = new Label();
    w.bind(copy).bind(bytes).test(RSI).jumpIf(Condition.EQUAL, copied);
    w.load8(RAX, at(RDI, 0)).call(put).increment(RDI).decrement(RSI).jump(bytes);
    w.bind(copied).ret();
  }
}
