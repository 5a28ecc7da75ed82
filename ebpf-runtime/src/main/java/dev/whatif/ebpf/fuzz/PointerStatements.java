package dev.whatif.ebpf.fuzz;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R1;
import static dev.whatif.ebpf.isa.Register.R10;
import static dev.whatif.ebpf.isa.Register.R2;
import static dev.whatif.ebpf.isa.Register.R3;
import static dev.whatif.ebpf.isa.Register.R4;
import static dev.whatif.ebpf.isa.Register.R6;
import static dev.whatif.ebpf.isa.Register.R8;
import static dev.whatif.ebpf.isa.Register.R9;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;

/** Statements that move pointers about. Each leaves numbers in r0 and r6, nothing in r1 to r5. */
final class PointerStatements {

  private static final int PASSED_BYTES = 16;

  private final Choices random;
  private final CodeBuilder code;
  private final Callbacks callbacks;
  private final HelperStatements helpers;

  PointerStatements(
      Choices random, CodeBuilder code, Callbacks callbacks, HelperStatements helpers) {
    this.random = random;
    this.code = code;
    this.callbacks = callbacks;
    this.helpers = helpers;
  }

  void write(Scope scope) {
    int kind = random.nextInt(5);
    switch (kind == 2 && !random.mayBranch() ? 0 : kind) {
      case 0 -> putAway();
      case 1 -> pass();
      case 2 -> packet();
      case 3 -> stack();
      default -> moved();
    }
    for (int number = 1; number <= 5; number++) {
      scope.lose(Register.of(number));
    }
    scope.initialise(R0);
  }

  /** To the stack and back. */
  private void putAway() {
    code.store(MemorySize.DOUBLE, R10, StackPlan.POINTER, random.nextBoolean() ? R8 : R9);
    code.load(MemorySize.DOUBLE, R2, R10, StackPlan.POINTER);
    code.load(random.pick(MemorySize.values()), R6, R2, 8 * random.nextInt(8));
    code.move(R0, R6);
  }

  /** To a function. */
  private void pass() {
    switch (random.nextInt(3)) {
      case 0 -> {
        code.store(MemorySize.DOUBLE, R10, StackPlan.BUFFER, R6);
        code.store(MemorySize.DOUBLE, R10, StackPlan.BUFFER + Long.BYTES, random.nextInt());
        code.move(R1, R10).alu(AluOperator.ADD, R1, StackPlan.BUFFER);
      }
      case 1 -> code.move(R1, R8).alu(AluOperator.ADD, R1, random.nextInt(48));
      default ->
          code.move(R1, R9)
              .alu(AluOperator.ADD, R1, ProgramGenerator.RESULT_BYTES + random.nextInt(112));
    }
    code.move(R2, R6).callLocal(callbacks.onMemory(PASSED_BYTES));
  }

  /** At a place that only the program's own test shows to be in the packet. */
  private void packet() {
    MemorySize size = random.pick(MemorySize.values());
    Label outside = code.label("outside");
    int most = 1 << random.nextInt(10);
    code.load(MemorySize.DOUBLE, R4, R10, StackPlan.CONTEXT);
    code.load(MemorySize.WORD, R1, R4, 0).load(MemorySize.WORD, R2, R4, Integer.BYTES);
    code.move(R3, R6).alu(AluOperator.AND, R3, most - 1).alu(AluOperator.ADD, R1, R3);
    int ahead = random.nextInt(20);
    code.move(R3, R1).alu(AluOperator.ADD, R3, ahead + size.bytes() - (random.wrong() ? 1 : 0));
    switch (random.nextInt(4)) {
      case 0 -> code.branch(Condition.GREATER, R3, R2, outside);
      case 1 -> code.branch(Condition.LESS, R2, R3, outside);
      case 2 -> code.branch(Condition.GREATER_OR_EQUAL, R3, R2, outside);
      default -> code.branch(Condition.LESS_OR_EQUAL, R2, R3, outside);
    }
    if (random.nextBoolean()) {
      code.load(size, R6, R1, ahead);
    } else {
      code.store(size, R1, ahead, R6);
    }
    code.bind(outside).load64(R0, random.number());
  }

  /** At a place of the numbers on the stack that depends on a number. */
  private void stack() {
    MemorySize size = random.pick(MemorySize.values());
    int room = Statements.STACK_SLOTS * Long.BYTES;
    int start = -room;
    code.move(R1, R6).alu(AluOperator.AND, R1, (room - 1) / size.bytes() * size.bytes());
    if (random.nextBoolean()) {
      code.alu(AluOperator.ADD, R1, R10);
    } else {
      code.move(R2, R10).alu(AluOperator.ADD, R2, R1).move(R1, R2);
    }
    start += random.wrong() ? size.bytes() : 0;
    if (random.nextBoolean()) {
      code.load(size, R6, R1, start);
    } else {
      code.store(size, R1, start, R6);
    }
    code.move(R0, R6);
  }

  /** Back and forth, by numbers that are known to be small. */
  private void moved() {
    code.move(R1, R9).move(R2, R6).alu(AluOperator.AND, R2, 31);
    code.alu(AluOperator.ADD, R1, R2);
    if (random.nextBoolean()) {
      int back = random.nextInt(200);
      code.alu(AluOperator.SUBTRACT, R1, back);
      code.alu(AluOperator.ADD, R1, random.wrong() ? back + 240 : back);
    } else {
      code.move(R3, R6).alu(AluOperator.SHIFT_RIGHT, R3, 59).alu(AluOperator.SUBTRACT, R1, R3);
    }
    code.alu(AluOperator.ADD, R1, ProgramGenerator.RESULT_BYTES);
    helpers.access(R1, 32);
    code.move(R0, random.nextInt());
  }
}
