package dev.whatif.core.x86;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Random instructions of every form that takes operands, and what objdump shall call them. */
final class RandomInstructions {

  private static final String[] LOW = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"};

  private static final int[] NUMBERS = {
    0, 1, -1, 2, 127, 128, -128, -129, 255, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  private final Random random;
  private final Emitter e = new Emitter(0);
  private final List<String> texts = new ArrayList<>();

  RandomInstructions(long seed) {
    random = new Random(seed);
  }

  byte[] code() {
    return e.bytes();
  }

  List<String> texts() {
    return texts;
  }

  void add() {
    Register a = of(Register.values());
    Register b = of(Register.values());
    OperandSize size = of(OperandSize.values());
    OperandSize wide = random.nextBoolean() ? OperandSize.BITS64 : OperandSize.BITS32;
    Memory m = memory();
    int number = NUMBERS[random.nextInt(NUMBERS.length)];
    switch (random.nextInt(26)) {
      case 0 -> arithmetic(size, a, b, m, number);
      case 1 -> {
        e.test(size, a, b);
        text("test %s,%s", name(size, a), name(size, b));
      }
      case 2 -> {
        e.test(size, a, number);
        text("test %s,%s", name(size, a), immediate(size, number));
      }
      case 3 -> {
        e.test(size, m, number);
        text("test %s,%s", name(size, m), immediate(size, number));
      }
      case 4 -> shift(size, wide, a, b);
      case 5 -> {
        Unary operation = of(Unary.values());
        e.unary(operation, size, a).unary(operation, size, m);
        text("%s %s", name(operation), name(size, a));
        text("%s %s", name(operation), name(size, m));
      }
      case 6 -> {
        e.multiply(wide, a, b).multiply(wide, a, m).multiply(wide, a, b, number);
        text("imul %s,%s", name(wide, a), name(wide, b));
        text("imul %s,%s", name(wide, a), name(wide, m));
        text("imul %s,%s,%s", name(wide, a), name(wide, b), immediate(wide, number));
      }
      case 7 -> {
        e.multiplyWide(wide, a, b, Register.R8);
        text("mulx %s,%s,%s", name(wide, a), name(wide, b), name(wide, Register.R8));
      }
      case 8 -> {
        e.signIntoRdx(wide);
        text(wide == OperandSize.BITS64 ? "cqo" : "cdq");
      }
      case 9 -> atomics(size, a, m);
      case 10 -> {
        e.move(wide, a, b);
        text("mov %s,%s", name(wide, a), name(wide, b));
      }
      case 11, 12 -> extensions(wide, a, b, m);
      case 13 -> {
        e.store(size, m, a).store(size, m, number);
        text("mov %s,%s", name(size, m), name(size, a));
        text("mov %s,%s", name(size, m), immediate(size, number));
      }
      case 14 -> {
        e.loadAddress(wide, a, m);
        text("lea %s,%s", name(wide, a), place(m));
      }
      case 15 -> {
        Condition condition = of(Condition.values());
        e.moveIf(condition, wide, a, b).setIf(condition, a);
        text("cmov%s %s,%s", name(condition), name(wide, a), name(wide, b));
        text("set%s %s", name(condition), name(OperandSize.BITS8, a));
      }
      case 16 -> {
        e.push(a).pop(b);
        text("push %s", name(OperandSize.BITS64, a));
        text("pop %s", name(OperandSize.BITS64, b));
      }
      case 17 -> {
        e.swapBytes(wide, a);
        text("bswap %s", name(wide, a));
      }
      case 18 -> {
        e.call(a).jump(b).leave();
        text("call %s", name(OperandSize.BITS64, a));
        text("jmp %s", name(OperandSize.BITS64, b));
        text("leave");
      }
      default -> arithmetic(size, a, b, m, number);
    }
  }

  private void arithmetic(OperandSize size, Register a, Register b, Memory m, int number) {
    Arithmetic operation = of(Arithmetic.values());
    String name =
        switch (operation) {
          case ADD_CARRY -> "adc";
          case SUBTRACT_BORROW -> "sbb";
          case SUBTRACT -> "sub";
          case COMPARE -> "cmp";
          case ADD, AND, OR, XOR -> operation.name().toLowerCase(Locale.ROOT);
        };
    e.arithmetic(operation, size, a, b).arithmetic(operation, size, a, m);
    e.arithmetic(operation, size, m, a).arithmetic(operation, size, a, number);
    e.arithmetic(operation, size, m, number);
    text("%s %s,%s", name, name(size, a), name(size, b));
    text("%s %s,%s", name, name(size, a), name(size, m));
    text("%s %s,%s", name, name(size, m), name(size, a));
    text("%s %s,%s", name, name(size, a), immediate(size, number));
    text("%s %s,%s", name, name(size, m), immediate(size, number));
  }

  private void shift(OperandSize size, OperandSize wide, Register a, Register b) {
    Shift shift = of(Shift.values());
    int count = 1 + random.nextInt(size.bits() - 1);
    String name =
        switch (shift) {
          case ROTATE_LEFT -> "rol";
          case ROTATE_RIGHT -> "ror";
          case LEFT -> "shl";
          case RIGHT -> "shr";
          case SIGNED_RIGHT -> "sar";
        };
    if (size != OperandSize.BITS8) { // of rsp and others it would be another register
      e.shift(shift, size, a, count).shift(shift, size, a);
      text("%s %s,%s", name, name(size, a), count == 1 ? "1" : "0x" + Integer.toHexString(count));
      text("%s %s,cl", name, name(size, a));
    }
    e.rotateRight(wide, a, b, count);
    text("rorx %s,%s,0x%x", name(wide, a), name(wide, b), count);
    if (shift != Shift.ROTATE_LEFT && shift != Shift.ROTATE_RIGHT) {
      e.shift(shift, wide, a, b, Register.R10);
      text("%sx %s,%s,%s", name, name(wide, a), name(wide, b), name(wide, Register.R10));
    }
  }

  private void atomics(OperandSize size, Register a, Memory m) {
    e.lock().exchangeAdd(size, m, a).lock().compareExchange(size, m, a).exchange(size, m, a);
    text("lock xadd %s,%s", name(size, m), name(size, a));
    text("lock cmpxchg %s,%s", name(size, m), name(size, a));
    text("xchg %s,%s", name(size, m), name(size, a));
  }

  private void extensions(OperandSize wide, Register a, Register b, Memory m) {
    OperandSize from = random.nextBoolean() ? OperandSize.BITS8 : OperandSize.BITS16;
    e.moveZeroExtended(from, a, b).load(from, a, m);
    e.moveSignExtended(from, wide, a, b).loadSignExtended(from, wide, a, m);
    String half = name(OperandSize.BITS32, a);
    text("movzx %s,%s", half, name(from, b));
    text("movzx %s,%s", half, name(from, m));
    text("movsx %s,%s", name(wide, a), name(from, b));
    text("movsx %s,%s", name(wide, a), name(from, m));
    e.moveSignExtended(OperandSize.BITS32, OperandSize.BITS64, a, b).load(wide, a, m);
    text("movsxd %s,%s", name(OperandSize.BITS64, a), name(OperandSize.BITS32, b));
    text("mov %s,%s", name(wide, a), name(wide, m));
  }

  private void text(String format, Object... values) {
    texts.add(format.formatted(values));
  }

  private Memory memory() {
    Register base = random.nextInt(8) == 0 ? null : of(Register.values());
    Register index = base == null || random.nextBoolean() ? of(Register.values()) : null;
    int displacement =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> random.nextInt(256) - 128;
          case 2 -> NUMBERS[random.nextInt(NUMBERS.length)];
          default -> random.nextInt();
        };
    return index == Register.RSP
        ? Memory.at(Register.RSP, displacement)
        : new Memory(base, index, index == null ? 1 : 1 << random.nextInt(4), displacement);
  }

  private static String name(OperandSize size, Register r) {
    String whole = r.name().toLowerCase(Locale.ROOT);
    boolean isOld = r.ordinal() < 8;
    return switch (size) {
      case BITS64 -> whole;
      case BITS32 -> isOld ? "e" + whole.substring(1) : whole + "d";
      case BITS16 -> isOld ? whole.substring(1) : whole + "w";
      case BITS8 -> isOld ? LOW[r.ordinal()] : whole + "b";
    };
  }

  private static String name(OperandSize size, Memory m) {
    String kind =
        switch (size) {
          case BITS8 -> "BYTE";
          case BITS16 -> "WORD";
          case BITS32 -> "DWORD";
          case BITS64 -> "QWORD";
        };
    return kind + " PTR " + place(m);
  }

  private static String place(Memory m) {
    StringBuilder text = new StringBuilder("[");
    if (m.base() != null) {
      text.append(name(OperandSize.BITS64, m.base()));
    }
    if (m.index() != null) {
      text.append(m.base() == null ? "" : "+");
      text.append(name(OperandSize.BITS64, m.index())).append('*').append(m.scale());
    }
    long displacement = m.displacement();
    if (displacement != 0) {
      text.append(displacement < 0 ? "-0x" : "+0x");
      text.append(Long.toHexString(Math.abs(displacement)));
    }
    return text.append(']').toString();
  }

  private static String immediate(OperandSize size, int value) {
    long shown =
        switch (size) {
          case BITS8 -> value & 0xff;
          case BITS16 -> value & 0xffff;
          case BITS32 -> value & 0xffff_ffffL;
          case BITS64 -> value;
        };
    return "0x" + Long.toHexString(shown);
  }

  private static String name(Unary operation) {
    return switch (operation) {
      case INCREMENT -> "inc";
      case DECREMENT -> "dec";
      case NOT -> "not";
      case NEGATE -> "neg";
      case MULTIPLY -> "mul";
      case SIGNED_MULTIPLY -> "imul";
      case DIVIDE -> "div";
      case SIGNED_DIVIDE -> "idiv";
    };
  }

  private static String name(Condition condition) {
    return switch (condition) {
      case OVERFLOW -> "o";
      case NO_OVERFLOW -> "no";
      case BELOW -> "b";
      case ABOVE_OR_EQUAL -> "ae";
      case EQUAL -> "e";
      case NOT_EQUAL -> "ne";
      case BELOW_OR_EQUAL -> "be";
      case ABOVE -> "a";
      case SIGN -> "s";
      case NO_SIGN -> "ns";
      case PARITY -> "p";
      case NO_PARITY -> "np";
      case LESS -> "l";
      case GREATER_OR_EQUAL -> "ge";
      case LESS_OR_EQUAL -> "le";
      case GREATER -> "g";
    };
  }

  private <T> T of(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
