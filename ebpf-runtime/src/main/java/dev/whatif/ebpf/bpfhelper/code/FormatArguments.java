package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R15;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBP;
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
import dev.whatif.core.x86.Memory;

/**
 * Checks a format and gathers what it prints: bpf_bprintf_prepare (kernel/bpf/helpers.c). Texts are
 * copied with their ends, characters take a byte, numbers 4 or 8 at a multiple of 4.
 *
 * <pre>
 *   rbx  format, at the next character     r15  where the next argument goes
 *   r13  next argument, of 8 bytes         rbp  end of the room for them
 *   r14d arguments left
 * </pre>
 */
final class FormatArguments {

  /** MAX_BPRINTF_BIN_ARGS of kernel/bpf/helpers.c. */
  static final int BYTES = 512;

  private static final int FIRST_BEHIND_ASCII = 0x80;

  private final Writer w;
  private final MemoryCode memory;

  /** The registers above: rax = 0 or a negative errno; changes all of them. */
  final Label prepare = new Label();

  private final Label next = new Label();
  private final Label again = new Label();
  private final Label noRoom = new Label();
  private final Label invalid = new Label();
  private final Label text = new Label();

  /** Stores a number of edx bytes. */
  private final Label number = new Label();

  FormatArguments(Writer writer, MemoryCode memory) {
    this.w = writer;
    this.memory = memory;
  }

  void subroutines() {
    Label done = new Label();
    Label printable = new Label();
    Label conversion = new Label();
    w.bind(prepare).bind(again).load8(RAX, at(RBX, 0)).test32(RAX).jumpIf(Condition.EQUAL, done);
    Characters.between(w, RAX, RCX, ' ', '~', printable);
    w.compare32(RAX, FIRST_BEHIND_ASCII).jumpIf(Condition.ABOVE_OR_EQUAL, printable);
    Characters.ifControlSpace(w, RAX, RCX, printable);
    w.jump(invalid).bind(printable).increment(RBX);
    w.compare32(RAX, '%').jumpIf(Condition.NOT_EQUAL, again);
    w.load8(RAX, at(RBX, 0)).compare32(RAX, '%').jumpIf(Condition.NOT_EQUAL, conversion);
    w.increment(RBX).jump(again);
    w.bind(conversion).test32(R14).jumpIf(Condition.EQUAL, invalid);
    width();
    kind();
    w.bind(next).add(R13, Long.BYTES).decrement(R14).jump(again);
    w.bind(done).clear(RAX).ret();
    w.bind(invalid).fail(Errno.EINVAL);
    w.bind(noRoom).fail(Errno.ENOSPC);
  }

  /** Skips flags and width; eax = the character behind, where rbx is. */
  private void width() {
    Label flag = new Label();
    Label flags = new Label();
    Label digits = new Label();
    Label none = new Label();
    w.bind(flags).load8(RAX, at(RBX, 0));
    for (char c : new char[] {'0', '+', '-', ' '}) {
      w.compare32(RAX, c).jumpIf(Condition.EQUAL, flag);
    }
    Characters.between(w, RAX, RCX, '1', '9', digits);
    w.jump(none);
    w.bind(flag).increment(RBX).jump(flags);
    w.bind(digits).increment(RBX).load8(RAX, at(RBX, 0));
    Characters.between(w, RAX, RCX, '0', '9', digits);
    w.bind(none);
  }

  private void kind() {
    Label pointer = new Label();
    Label character = new Label();
    Label store = new Label();
    w.compare32(RAX, 'p').jumpIf(Condition.EQUAL, pointer);
    w.compare32(RAX, 's').jumpIf(Condition.EQUAL, text);
    w.compare32(RAX, 'c').jumpIf(Condition.EQUAL, character);
    w.move(RDX, Integer.BYTES);
    for (int i = 0; i < 2; i++) { // l or ll
      Label short_ = new Label();
      w.compare32(RAX, 'l').jumpIf(Condition.NOT_EQUAL, short_);
      w.move(RDX, Long.BYTES).increment(RBX).load8(RAX, at(RBX, 0)).bind(short_);
    }
    for (char c : new char[] {'i', 'd', 'u', 'x', 'X'}) {
      w.compare32(RAX, c).jumpIf(Condition.EQUAL, store);
    }
    w.jump(invalid);
    pointer(pointer);
    text();
    w.bind(character).increment(RBX).compare(R15, RBP).jumpIf(Condition.EQUAL, noRoom);
    w.load8(RAX, at(R13, 0)).store8(at(R15, 0), RAX).increment(R15).jump(next);
    w.bind(store).increment(RBX);
    w.bind(number).add(R15, 3).arithmetic(Arithmetic.AND, R15, -4);
    w.move(RAX, RBP).subtract(RAX, R15).compare(RAX, RDX).jumpIf(Condition.LESS, noRoom);
    Label four = new Label();
    Label stored = new Label();
    w.load(RAX, at(R13, 0)).compare32(RDX, Long.BYTES).jumpIf(Condition.NOT_EQUAL, four);
    w.store(at(R15, 0), RAX).jump(stored).bind(four).store32(at(R15, 0), RAX);
    w.bind(stored).add(R15, RDX);
  }

  private void pointer(Label pointer) {
    Label longName = new Label();
    Label space = new Label();
    Label two = new Label();
    w.bind(pointer).load8(RCX, at(RBX, 1)).increment(RBX).move(RDX, Long.BYTES);
    Characters.ifNoEnd(w, RCX, RAX, longName);
    w.jump(number);
    w.bind(longName);
    for (char c : new char[] {'K', 'x', 's', 'S', 'B'}) {
      w.compare32(RCX, c).jumpIf(Condition.EQUAL, two);
    }
    w.compare32(RCX, 'k').jumpIf(Condition.EQUAL, space);
    w.compare32(RCX, 'u').jumpIf(Condition.NOT_EQUAL, invalid);
    w.bind(space).increment(RBX).compare8(at(RBX, 0), 's').jumpIf(Condition.NOT_EQUAL, invalid);
    w.jump(text).bind(two).increment(RBX).jump(number);
  }

  private void text() {
    Label copied = new Label();
    w.bind(text).increment(RBX).load8(RCX, at(RBX, 0));
    Characters.ifNoEnd(w, RCX, RAX, invalid);
    w.compare(R15, RBP).jumpIf(Condition.EQUAL, noRoom);
    w.move(RDI, R15).move(RSI, RBP).subtract(RSI, R15).load(RDX, at(R13, 0));
    w.call(memory.readString).test(RAX).jumpIf(Condition.GREATER, copied);
    w.store8(Memory.at(R15, 0), 0).move(RAX, 1).bind(copied).add(R15, RAX).jump(next);
  }
}
