package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.ByteSwap;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random programs on {@link #MEMORY_BYTES} of memory that end: registers are loaded from it,
 * changed, and stored to it again, so that no difference is lost. r9 holds the address throughout.
 *
 * <p>They use few registers and few constants: what is to be found are operations that meet.
 */
final class RandomCode {

  static final int MEMORY_BYTES = 264;

  /** What is read and written at random; behind it a loop counts. */
  private static final int RANDOM_BYTES = 256;

  private static final Register COUNTER = Register.R8;

  /** r0 to r8; r9 is the memory's address. */
  private static final int REGISTERS = 9;

  private static final Register ADDRESS = Register.R9;

  private static final int[] NUMBERS = {
    0,
    1,
    -1,
    2,
    3,
    5,
    7,
    8,
    10,
    13,
    16,
    24,
    31,
    32,
    48,
    51,
    56,
    63,
    64,
    100,
    127,
    128,
    255,
    256,
    641,
    1000,
    65535,
    65536,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_0000,
    0x1234_5678,
    -128,
    -129
  };

  private static final Condition[] ENDS = {Condition.NOT_EQUAL, Condition.LESS};

  private final Random random;
  private final int registers;
  private final boolean forKernel;

  /** Whether it has what takes many registers of the machine. */
  private boolean divides = true;

  private final List<Instruction> code = new ArrayList<>();

  private RandomCode(long seed, boolean forKernel) {
    random = new Random(seed);
    registers = 3 + random.nextInt(REGISTERS - 2);
    this.forKernel = forKernel;
  }

  /** The program of a seed. */
  static Code of(long seed, int length) {
    return new RandomCode(seed, false).make(length);
  }

  /** The same of what the kernel's verifier takes. */
  static Code forKernel(long seed, int length) {
    return new RandomCode(seed, true).make(length);
  }

  /** Memory for it: numbers of all lengths. */
  static byte[] memory(long seed) {
    Random random = new Random(seed);
    ByteBuffer memory = ByteBuffer.allocate(MEMORY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (memory.hasRemaining()) {
      long value = random.nextLong() >>> random.nextInt(Long.SIZE);
      memory.putLong(random.nextInt(4) == 0 ? -value : value);
    }
    return memory.array();
  }

  private Code make(int length) {
    code.add(new Instruction.Move(Width.W64, ADDRESS, Register.R1));
    for (int i = 0; i < REGISTERS; i++) {
      code.add(
          new Instruction.Load(MemorySize.DOUBLE, false, Register.of(i), ADDRESS, (short) (8 * i)));
    }
    if (!forKernel) {
      clearStack();
      divides = random.nextBoolean();
    }
    straight(length);
    if (!forKernel && random.nextBoolean()) {
      loop(1 + random.nextInt(20));
      straight(random.nextInt(5));
    }
    for (int i = 0; i < REGISTERS; i++) {
      code.add(new Instruction.Store(MemorySize.DOUBLE, ADDRESS, (short) (8 * i), Register.of(i)));
    }
    code.add(new Instruction.Exit());
    return Code.of(code);
  }

  /** Forward branches over a few instructions: in place of some, so that none splits a pair. */
  private void addBranches(int first) {
    int end = code.size();
    for (int i = first; i < end; i++) {
      if (random.nextInt(6) == 0 && code.get(i).slots() == 1) {
        int over = 1 + random.nextInt(4);
        int slots = 0;
        for (int k = i + 1; k <= Math.min(i + over, end - 1); k++) {
          slots += code.get(k).slots();
        }
        code.set(
            i,
            random.nextInt(8) == 0
                ? new Instruction.Jump(!forKernel && random.nextBoolean(), slots)
                : new Instruction.Branch(
                    width(), of(Condition.values()), register(), operand(), (short) slots));
      }
    }
  }

  /** So many instructions, and branches among them that lead no farther than behind them. */
  private void straight(int length) {
    int first = code.size();
    for (int i = 0; i < length; i++) {
      code.add(any());
    }
    addBranches(first);
  }

  private void clearStack() {
    for (int i = 1; i <= 5; i++) {
      short place = (short) (-8 * i);
      code.add(new Instruction.Store(MemorySize.DOUBLE, Register.R10, place, new Immediate(i)));
    }
  }

  /** A loop that counts in memory that nothing else touches, or in a register. */
  private void loop(int length) {
    boolean inRegister = random.nextBoolean();
    int turns = 1 + random.nextInt(12);
    int step = 1 + random.nextInt(3);
    code.add(
        inRegister
            ? new Instruction.Move(Width.W64, COUNTER, new Immediate(0))
            : new Instruction.Store(
                MemorySize.DOUBLE, ADDRESS, (short) RANDOM_BYTES, new Immediate(turns)));
    int head = code.size();
    for (int i = 0; i < length; i++) {
      Instruction next = any();
      boolean counts = (Effects.writes(next) & Effects.bit(COUNTER)) != 0;
      code.add(inRegister && counts ? new Instruction.Negate(Width.W32, Register.R1) : next);
    }
    addBranches(head);
    if (random.nextInt(3) == 0) {
      short over = (short) (inRegister ? 2 : 4);
      code.add(
          new Instruction.Branch(
              width(), of(Condition.values()), register(), operand(), over)); // leaves it
    }
    if (inRegister) {
      code.add(new Instruction.Alu(Width.W64, AluOperator.ADD, COUNTER, new Immediate(step)));
      branchTo(head, width(), of(ENDS), COUNTER, turns * step);
    } else {
      short place = RANDOM_BYTES;
      code.add(new Instruction.Load(MemorySize.WORD, false, Register.R0, ADDRESS, place));
      code.add(new Instruction.Alu(Width.W32, AluOperator.SUBTRACT, Register.R0, new Immediate(1)));
      code.add(new Instruction.Store(MemorySize.WORD, ADDRESS, place, Register.R0));
      branchTo(head, Width.W32, Condition.SIGNED_GREATER, Register.R0, 0);
    }
  }

  private void branchTo(int head, Width width, Condition condition, Register register, int value) {
    int slots = 0;
    for (int i = head; i < code.size(); i++) {
      slots += code.get(i).slots();
    }
    code.add(
        new Instruction.Branch(
            width, condition, register, new Immediate(value), (short) (-slots - 1)));
  }

  private Instruction any() {
    return switch (random.nextInt(16)) {
      case 14, 15 -> onStack();
      case 0, 1, 2, 3, 4 -> alu();
      case 5, 6, 7 -> new Instruction.Move(width(), register(), operand());
      case 8 -> signed();
      case 9 ->
          random.nextBoolean()
              ? new Instruction.Negate(width(), register())
              : new Instruction.SwapBytes(
                  of(ByteSwap.values()), 16 << random.nextInt(3), register());
      case 10 -> new Instruction.LoadImmediate(register(), random.nextLong());
      case 11 -> {
        MemorySize size = of(MemorySize.values());
        yield new Instruction.Load(
            size,
            size != MemorySize.DOUBLE && random.nextBoolean(),
            register(),
            ADDRESS,
            place(size.bytes()));
      }
      case 12 -> {
        MemorySize size = of(MemorySize.values());
        yield new Instruction.Store(size, ADDRESS, place(size.bytes()), operand());
      }
      default -> {
        Width width = width();
        yield forKernel || !divides
            ? alu()
            : new Instruction.Atomic(
                width,
                of(AtomicOperator.values()),
                ADDRESS,
                place(width == Width.W64 ? 8 : 4),
                register());
      }
    };
  }

  private Instruction alu() {
    Width width = width();
    AluOperator operator = of(AluOperator.values());
    while (!divides && isDivision(operator)) {
      operator = of(AluOperator.values());
    }
    Operand operand = operand();
    if (forKernel && operand instanceof Immediate(int value)) {
      // the verifier refuses constants that make no sense
      int sane = value & (width == Width.W64 ? 63 : 31);
      operand =
          switch (operator) {
            case SHIFT_LEFT, SHIFT_RIGHT, SIGNED_SHIFT_RIGHT -> new Immediate(sane);
            case DIVIDE, REMAINDER, SIGNED_DIVIDE, SIGNED_REMAINDER ->
                new Immediate(value == 0 ? 1 : value);
            default -> operand;
          };
    }
    return new Instruction.Alu(width, operator, register(), operand);
  }

  private static boolean isDivision(AluOperator operator) {
    return switch (operator) {
      case DIVIDE, REMAINDER, SIGNED_DIVIDE, SIGNED_REMAINDER -> true;
      default -> false;
    };
  }

  /** Few places on the stack; most of them do not overlap. */
  private Instruction onStack() {
    MemorySize size = random.nextInt(8) == 0 ? of(MemorySize.values()) : MemorySize.DOUBLE;
    short place = (short) (-8 * (1 + random.nextInt(5)));
    return forKernel
        ? alu()
        : random.nextBoolean()
            ? new Instruction.Load(size, false, register(), Register.R10, place)
            : new Instruction.Store(size, Register.R10, place, operand());
  }

  private Instruction signed() {
    Width width = width();
    int bits = width == Width.W64 ? 8 << random.nextInt(3) : 8 << random.nextInt(2);
    return new Instruction.MoveSigned(width, bits, register(), register());
  }

  private short place(int bytes) {
    return (short) (random.nextInt(RANDOM_BYTES / bytes) * bytes);
  }

  private Width width() {
    return random.nextInt(3) == 0 ? Width.W32 : Width.W64;
  }

  private Register register() {
    return Register.of(random.nextInt(registers));
  }

  private Operand operand() {
    return random.nextBoolean()
        ? register()
        : new Immediate(NUMBERS[random.nextInt(NUMBERS.length)]);
  }

  private <T> T of(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
