package dev.whatif.ebpf.verifier;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.object.ProgramType;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Random programs that make some sense: numbers are computed, compared and used as indexes into the
 * stack and into values of maps, saved and restored, handed to functions; now and then without the
 * check that makes it right. r6 keeps the context, r7 to r9 hold numbers.
 */
final class RandomProgram {

  private static final int DATA = TestMaps.indexOf("data");
  private static final int HASH = TestMaps.indexOf("hash");
  private static final int[] EDGES = {
    0,
    1,
    2,
    3,
    7,
    8,
    15,
    16,
    31,
    32,
    48,
    56,
    60,
    63,
    64,
    65,
    127,
    255,
    -1,
    -2,
    -8,
    -64,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE
  };
  private static final List<Register> NUMBERS = List.of(Register.R7, Register.R8, Register.R9);

  private final Random random;
  private final CodeBuilder code;
  private int depth;
  private int loops;

  private RandomProgram(Random random, CodeBuilder code) {
    this.random = random;
    this.code = code;
  }

  /** A program of a seed. */
  static Program of(long seed) {
    Code code = Code.build(b -> new RandomProgram(new Random(seed), b).write());
    return new Program("random", ProgramType.XDP, 0, code, TestMaps.ALL, List.of());
  }

  /** One with some fields of its instructions changed at random; empty when that is no code. */
  static Optional<Program> damaged(long seed) {
    Random random = new Random(seed);
    byte[] bytes = of(random.nextLong()).code().bytes();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      int at = random.nextInt(bytes.length / Slot.BYTES);
      Slot old = Slot.at(bytes, at);
      Slot changed =
          switch (random.nextInt(6)) {
            case 0 -> new Slot(random.nextInt(256), old.dst(), old.src(), old.offset(), old.imm());
            case 1 ->
                new Slot(old.opcode(), random.nextInt(11), old.src(), old.offset(), old.imm());
            case 2 ->
                new Slot(old.opcode(), old.dst(), random.nextInt(11), old.offset(), old.imm());
            case 3 ->
                new Slot(
                    old.opcode(),
                    old.dst(),
                    old.src(),
                    (short) (random.nextInt(40) - 20),
                    old.imm());
            case 4 ->
                new Slot(
                    old.opcode(),
                    old.dst(),
                    old.src(),
                    old.offset(),
                    random.nextBoolean() ? random.nextInt() : random.nextInt(40));
            default -> Slot.at(bytes, random.nextInt(bytes.length / Slot.BYTES));
          };
      changed.put(bytes, at);
    }
    try {
      Code code = Code.decode(bytes);
      return Optional.of(new Program("damaged", ProgramType.XDP, 0, code, TestMaps.ALL, List.of()));
    } catch (BadDataException e) {
      return Optional.empty();
    }
  }

  private void write() {
    code.move(Register.R6, Register.R1);
    for (Register number : NUMBERS) {
      source(number);
    }
    int statements = 3 + random.nextInt(12);
    Label function = code.label("function");
    boolean calls = random.nextInt(4) == 0;
    for (int i = 0; i < statements; i++) {
      statement();
      if (calls && random.nextInt(4) == 0) {
        code.move(Register.R1, number()).move(Register.R2, number());
        code.callLocal(function).move(number(), Register.R0);
        calls = true;
      }
    }
    if (calls) {
      code.move(Register.R1, number()).move(Register.R2, Register.R10);
      code.callLocal(function);
    }
    code.move(Register.R0, 0).exit();
    if (calls) {
      code.bind(function);
      code.move(Register.R0, Register.R1);
      code.alu(
          random.nextBoolean() ? AluOperator.AND : AluOperator.SHIFT_RIGHT,
          Register.R0,
          1 + random.nextInt(62));
      code.exit();
    }
  }

  private void statement() {
    switch (random.nextInt(18)) {
      case 0 -> source(number());
      case 1, 2, 3 -> compute();
      case 4 -> code.add(new Instruction.Move(width(), number(), number()));
      case 5 -> extend();
      case 6, 7, 8 -> branch();
      case 9 -> save();
      case 10 -> restore();
      case 11, 12 -> indexValue();
      case 13 -> indexStack();
      case 14 -> lookUp();
      case 15 -> loop();
      case 16 -> atomic();
      default -> bounded();
    }
  }

  /** A number of which nothing, or all, or the width is known. */
  private void source(Register to) {
    switch (random.nextInt(4)) {
      case 0 -> code.move(to, edge());
      case 1 -> code.load(MemorySize.WORD, to, Register.R6, 12 + 4 * random.nextInt(2));
      case 2 -> code.callHelper(5).move(to, Register.R0);
      default -> code.load64(to, (long) edge() << random.nextInt(33) | edge() & 0xff);
    }
  }

  private void compute() {
    AluOperator operator = pick(AluOperator.values());
    Width width = width();
    int bits = width == Width.W32 ? 32 : 64;
    boolean shift =
        operator == AluOperator.SHIFT_LEFT
            || operator == AluOperator.SHIFT_RIGHT
            || operator == AluOperator.SIGNED_SHIFT_RIGHT;
    Operand by =
        random.nextInt(3) == 0
            ? number()
            : new Immediate(shift ? random.nextInt(bits) : edge() == 0 ? 3 : nonZero());
    code.add(new Instruction.Alu(width, operator, number(), by));
  }

  private void extend() {
    if (random.nextInt(3) == 0) {
      code.add(new Instruction.Negate(width(), number()));
      return;
    }
    Width width = width();
    int bits = 8 << random.nextInt(width == Width.W64 ? 3 : 2);
    code.add(new Instruction.MoveSigned(width, bits, number(), number()));
  }

  private void bounded() {
    if (random.nextBoolean()) {
      code.add(
          new Instruction.Alu(
              width(),
              AluOperator.AND,
              number(),
              new Immediate(pick(new int[] {7, 15, 31, 56, 63}))));
      return;
    }
    // leaves when the number is too large
    Label good = code.label("good");
    Register number = number();
    code.add(
        new Instruction.Branch(
            width(),
            pick(
                new Condition[] {
                  Condition.LESS, Condition.LESS_OR_EQUAL, Condition.SIGNED_LESS, Condition.EQUAL
                }),
            number,
            new Immediate(pick(new int[] {1, 8, 32, 56, 63, 64})),
            (short) 0),
        good);
    code.move(Register.R0, 0).exit().bind(good);
  }

  private void branch() {
    Label end = code.label("end");
    Operand right = random.nextInt(3) == 0 ? number() : new Immediate(edge());
    code.add(
        new Instruction.Branch(width(), pick(Condition.values()), number(), right, (short) 0), end);
    if (depth < 3) {
      depth++;
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        statement();
      }
      depth--;
    } else {
      compute();
    }
    code.bind(end);
  }

  private void save() {
    MemorySize size = random.nextInt(3) == 0 ? pick(MemorySize.values()) : MemorySize.DOUBLE;
    int at = -8 * (1 + random.nextInt(4)) + (random.nextInt(4) == 0 ? 8 - size.bytes() : 0);
    if (random.nextInt(4) == 0) {
      code.store(size, Register.R10, at, edge());
    } else {
      code.store(size, Register.R10, at, number());
    }
  }

  private void restore() {
    MemorySize size = random.nextInt(3) == 0 ? pick(MemorySize.values()) : MemorySize.DOUBLE;
    int at = -8 * (1 + random.nextInt(4)) + (random.nextInt(6) == 0 ? 8 - size.bytes() : 0);
    boolean signed = size != MemorySize.DOUBLE && random.nextInt(4) == 0;
    code.add(new Instruction.Load(size, signed, number(), Register.R10, (short) at));
  }

  private void indexValue() {
    code.add(
        new Instruction.LoadReference(
            Register.R1, ReferenceKind.MAP_INDEX_VALUE, DATA, random.nextInt(3) * 8));
    guard();
    code.alu(
        random.nextInt(8) == 0 ? AluOperator.SUBTRACT : AluOperator.ADD, Register.R1, number());
    access(Register.R1, random.nextInt(12) - 2);
  }

  private void indexStack() {
    code.move(Register.R1, Register.R10);
    guard();
    code.alu(AluOperator.ADD, Register.R1, number());
    access(Register.R1, -64 - random.nextInt(8) + random.nextInt(3) * 4);
  }

  /** Often makes the next index a good one. */
  private void guard() {
    if (random.nextInt(4) != 0) {
      bounded();
    }
    if (random.nextInt(4) == 0) {
      code.add(
          new Instruction.Alu(
              width(), AluOperator.AND, number(), new Immediate(pick(new int[] {7, 31, 48}))));
    }
  }

  private void access(Register base, int offset) {
    MemorySize size = random.nextInt(3) == 0 ? pick(MemorySize.values()) : MemorySize.BYTE;
    switch (random.nextInt(3)) {
      case 0 -> code.store(size, base, offset, edge());
      case 1 -> code.store(size, base, offset, number());
      default -> code.load(size, number(), base, offset);
    }
  }

  private void lookUp() {
    code.store(MemorySize.DOUBLE, Register.R10, -40, 0);
    code.move(Register.R2, Register.R10).alu(AluOperator.ADD, Register.R2, -40);
    code.add(new Instruction.LoadReference(Register.R1, ReferenceKind.MAP_INDEX, HASH, 0));
    code.callHelper(1);
    Label none = code.label("none");
    if (random.nextInt(12) != 0) {
      code.branch(Condition.EQUAL, Register.R0, 0, none);
    }
    if (random.nextBoolean()) {
      code.alu(AluOperator.ADD, Register.R0, random.nextInt(10));
    }
    access(Register.R0, random.nextInt(9));
    code.bind(none);
  }

  private void loop() {
    if (loops == 2) {
      return;
    }
    loops++;
    Label again = code.label("again");
    Register counter = number();
    code.move(counter, 0).bind(again);
    // what follows may use the counter, and spoil it
    if (random.nextInt(2) == 0) {
      indexValue();
    }
    if (depth < 3 && random.nextInt(2) == 0) {
      depth++;
      statement();
      depth--;
    }
    code.alu(AluOperator.ADD, counter, 1 + random.nextInt(2));
    code.branch(Condition.LESS, counter, 2 + random.nextInt(10), again);
    loops--;
  }

  private void atomic() {
    code.store(MemorySize.DOUBLE, Register.R10, -48, number());
    AtomicOperator operator = pick(AtomicOperator.values());
    if (operator == AtomicOperator.COMPARE_EXCHANGE) {
      code.move(Register.R0, edge());
    }
    code.add(new Instruction.Atomic(width(), operator, Register.R10, (short) -48, number()));
  }

  private Register number() {
    return NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  private Width width() {
    return random.nextInt(3) == 0 ? Width.W32 : Width.W64;
  }

  private int edge() {
    return EDGES[random.nextInt(EDGES.length)];
  }

  private int nonZero() {
    int value = edge();
    return value == 0 ? 5 : value;
  }

  private int pick(int[] of) {
    return of[random.nextInt(of.length)];
  }

  private <T> T pick(T[] of) {
    return of[random.nextInt(of.length)];
  }
}
