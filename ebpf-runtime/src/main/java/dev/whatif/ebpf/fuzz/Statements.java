package dev.whatif.ebpf.fuzz;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R10;
import static dev.whatif.ebpf.isa.Register.R6;
import static dev.whatif.ebpf.isa.Register.R8;
import static dev.whatif.ebpf.isa.Register.R9;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.ByteSwap;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Random statements of a few instructions each; some are wrong on purpose. */
final class Statements {

  /** Of 8 bytes, at the top of the frame. */
  static final int STACK_SLOTS = 4;

  private final Choices random;
  private final CodeBuilder code;
  private final List<Label> functions;
  private final HelperStatements helpers;
  private final PointerStatements pointers;
  private final WrongStatements wrongs;
  private final Set<Label> called = new LinkedHashSet<>();

  Statements(
      Choices random,
      CodeBuilder code,
      List<Label> functions,
      HelperStatements helpers,
      PointerStatements pointers,
      WrongStatements wrongs) {
    this.helpers = helpers;
    this.pointers = pointers;
    this.wrongs = wrongs;
    this.random = random;
    this.code = code;
    this.functions = functions;
  }

  /** The functions that are called; the kernel refuses others, which nothing reaches. */
  Set<Label> called() {
    return called;
  }

  /** Gives a register a number. */
  void constant(Register register, Scope scope) {
    code.load64(register, random.number());
    scope.initialise(register);
  }

  void clearStack() {
    for (int slot = 1; slot <= STACK_SLOTS; slot++) {
      code.store(MemorySize.DOUBLE, R10, -slot * Long.BYTES, random.nextInt());
    }
  }

  /** Any statement without a jump. */
  void write(Scope scope) {
    if (random.wrong()) {
      wrongs.write();
    }
    switch (random.nextInt(scope.hasMemory() ? 22 : 16)) {
      case 0, 1, 2, 3, 4 -> alu(scope);
      case 5 -> move(scope);
      case 6 -> swapOrExtend(scope);
      case 7 -> constant(writable(), scope);
      case 8, 9 -> load(scope);
      case 10, 11 -> store(scope);
      case 12 -> atomic(scope);
      case 13 -> variable(scope);
      case 14 -> call(scope);
      case 15 -> spill(scope);
      case 16, 17, 18 -> helpers.write(scope);
      default -> pointers.write(scope);
    }
  }

  /** A branch that leads away from what follows. */
  void branch(Scope scope, Label away) {
    Register dst = readable(scope);
    Width width = random.width();
    Condition condition = random.pick(Condition.values());
    code.add(new Instruction.Branch(width, condition, dst, operand(scope), (short) 0), away);
  }

  private void alu(Scope scope) {
    Register dst = readable(scope);
    AluOperator operator = random.pick(AluOperator.values());
    Width width = random.width();
    Operand operand = operand(scope);
    if (operand instanceof Immediate) {
      operand = suitable(operator, width);
    }
    code.add(new Instruction.Alu(width, operator, dst, operand));
  }

  /** The kernel refuses constants that divide by zero or shift by more than the width. */
  private Immediate suitable(AluOperator operator, Width width) {
    int value = (int) random.number();
    boolean wrong = random.wrong();
    return switch (operator) {
      case SHIFT_LEFT, SHIFT_RIGHT, SIGNED_SHIFT_RIGHT ->
          new Immediate(wrong ? value : value & (width == Width.W64 ? 63 : 31));
      case DIVIDE, SIGNED_DIVIDE, REMAINDER, SIGNED_REMAINDER ->
          new Immediate(wrong || value != 0 ? value : 1);
      case ADD, SUBTRACT, MULTIPLY, OR, AND, XOR -> new Immediate(value);
    };
  }

  private void move(Scope scope) {
    Operand operand = operand(scope);
    Register dst = writable();
    code.add(new Instruction.Move(random.width(), dst, operand));
    scope.initialise(dst);
  }

  private void swapOrExtend(Scope scope) {
    Register src = readable(scope);
    switch (random.nextInt(3)) {
      case 0 ->
          code.add(
              new Instruction.SwapBytes(
                  random.pick(ByteSwap.values()), 16 << random.nextInt(3), src));
      case 1 -> code.add(new Instruction.Negate(random.width(), src));
      default -> {
        Width width = random.width();
        int bits = 8 << random.nextInt(width == Width.W64 ? 3 : 2);
        Register dst = writable();
        code.add(new Instruction.MoveSigned(width, bits, dst, src));
        scope.initialise(dst);
      }
    }
  }

  private void load(Scope scope) {
    MemorySize size = random.pick(MemorySize.values());
    boolean signed = size != MemorySize.DOUBLE && random.nextBoolean();
    Place place = place(scope, size, true);
    Register dst = writable();
    code.add(new Instruction.Load(size, signed, dst, place.base(), (short) place.offset()));
    scope.initialise(dst);
  }

  private void store(Scope scope) {
    MemorySize size = random.pick(MemorySize.values());
    Operand value = operand(scope);
    Place place = place(scope, size, true);
    code.add(new Instruction.Store(size, place.base(), (short) place.offset(), value));
  }

  /**
   * Two mistakes of Linux 6.18's verifier are kept out of the way, because they would hide others.
   * It forgets that what an atomic operation fetched from the stack depends on the stack
   * (backtrack_insn has no case for it), takes states for equal that are not, and cuts branches
   * off. And where states are taken for equal, it forgets to clear the upper half of r0 behind a
   * 32-bit compare-and-exchange that succeeded (bpf_opt_subreg_zext_lo32_rnd_hi32).
   */
  private void atomic(Scope scope) {
    if (!scope.hasMemory()) {
      return;
    }
    Width width = random.width();
    MemorySize size = width == Width.W64 ? MemorySize.DOUBLE : MemorySize.WORD;
    AtomicOperator operator = random.pick(AtomicOperator.values());
    Register src = readable(scope);
    boolean exchange = operator == AtomicOperator.COMPARE_EXCHANGE;
    if (exchange && !scope.isNumber(R0)) {
      constant(R0, scope);
    }
    Place place = operator.fetches() ? inValue(size) : place(scope, size, false);
    code.add(new Instruction.Atomic(width, operator, place.base(), (short) place.offset(), src));
    if (exchange && width == Width.W32) {
      code.add(new Instruction.Move(Width.W32, R0, R0));
    }
  }

  /** Part of the value at an index that is a number of the program's, cut to size. */
  private void variable(Scope scope) {
    if (!scope.hasMemory()) {
      return;
    }
    Register index = readable(scope);
    Register address = Register.of(5);
    if (index != address) {
      code.move(address, index);
    }
    MemorySize size = random.pick(MemorySize.values());
    int room = ProgramGenerator.VALUE_BYTES - ProgramGenerator.RESULT_BYTES;
    code.alu(AluOperator.AND, address, random.wrong() ? 2 * room : room / 2 - 1);
    code.alu(AluOperator.ADD, address, R9);
    int offset = ProgramGenerator.RESULT_BYTES;
    Register dst = Register.of(random.nextInt(5));
    code.add(new Instruction.Load(size, false, dst, address, (short) offset));
    scope.initialise(dst);
    constant(address, scope); // addresses differ from run to run, and must not be seen
  }

  private void call(Scope scope) {
    if (functions.isEmpty() || !scope.hasMemory()) {
      return;
    }
    for (int number = 1; number <= 5; number++) {
      if (!scope.isNumber(Register.of(number))) {
        constant(Register.of(number), scope);
      }
    }
    Label function = functions.get(random.nextInt(functions.size()));
    called.add(function);
    code.callLocal(function);
    for (int number = 1; number <= 5; number++) {
      scope.lose(Register.of(number));
    }
    scope.initialise(R0);
  }

  /** A number to the stack and back. */
  private void spill(Scope scope) {
    Register src = readable(scope);
    int at = -Long.BYTES * (1 + random.nextInt(STACK_SLOTS));
    code.store(MemorySize.DOUBLE, R10, at, src);
    Register dst = writable();
    code.load(MemorySize.DOUBLE, dst, R10, at);
    scope.initialise(dst);
  }

  /** Where something of a size may be read or written. */
  private record Place(Register base, int offset) {}

  private Place place(Scope scope, MemorySize size, boolean packets) {
    int bytes = size.bytes();
    int kind = scope.hasMemory() ? random.nextInt(packets ? 3 : 2) : 0;
    int beyond = random.wrong() ? ProgramGenerator.VALUE_BYTES : 0;
    return switch (kind) {
      case 0 ->
          new Place(R10, -bytes * (1 + random.nextInt(STACK_SLOTS * Long.BYTES / bytes)) + beyond);
      case 1 -> {
        Place inside = inValue(size);
        yield new Place(inside.base(), inside.offset() + beyond);
      }
      default ->
          new Place(R8, bytes * random.nextInt(ProgramGenerator.PACKET_BYTES / bytes) + beyond);
    };
  }

  private Place inValue(MemorySize size) {
    int places = (ProgramGenerator.VALUE_BYTES - ProgramGenerator.RESULT_BYTES) / size.bytes();
    return new Place(R9, ProgramGenerator.RESULT_BYTES + size.bytes() * random.nextInt(places));
  }

  private Operand operand(Scope scope) {
    return random.nextBoolean() ? readable(scope) : new Immediate((int) random.number());
  }

  private Register readable(Scope scope) {
    List<Register> numbers = scope.numbers();
    return numbers.isEmpty() || random.wrong()
        ? Register.of(random.nextInt(6))
        : numbers.get(random.nextInt(numbers.size()));
  }

  private Register writable() {
    return Register.of(random.nextInt(R6.number() + 1));
  }
}
