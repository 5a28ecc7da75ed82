package dev.whatif.ebpf.fuzz;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R1;
import static dev.whatif.ebpf.isa.Register.R10;
import static dev.whatif.ebpf.isa.Register.R2;
import static dev.whatif.ebpf.isa.Register.R3;
import static dev.whatif.ebpf.isa.Register.R4;
import static dev.whatif.ebpf.isa.Register.R5;
import static dev.whatif.ebpf.isa.Register.R6;
import static dev.whatif.ebpf.isa.Register.R8;
import static dev.whatif.ebpf.isa.Register.R9;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.isa.Width;

/**
 * Statements that a verifier should refuse, or that it accepts though they look wrong: how many of
 * each the two verifiers know apart is the question.
 */
final class WrongStatements {

  private static final int FRAME_BYTES = 512;

  private final Choices random;
  private final CodeBuilder code;

  WrongStatements(Choices random, CodeBuilder code) {
    this.random = random;
    this.code = code;
  }

  void write() {
    Register number = Register.of(random.nextInt(7));
    Register any = Register.of(random.nextInt(11));
    MemorySize size = random.pick(MemorySize.values());
    switch (random.nextInt(16)) {
      case 0 -> code.load(size, R6, number, 0);
      case 1 ->
          code.store(
              size, R10, random.pick(new Integer[] {-FRAME_BYTES - 8, 0, 8, -4, -3, -12}), 1);
      case 2 -> code.load(size, R6, R9, ProgramGenerator.VALUE_BYTES - random.nextInt(9));
      case 3 -> code.load(size, R6, R8, ProgramGenerator.PACKET_BYTES - random.nextInt(9));
      case 4 -> code.load(size, R6, R10, -8 * random.nextInt(70) - random.nextInt(8));
      case 5 -> code.move(any, any).alu(random.pick(AluOperator.values()), any, random.nextInt(40));
      case 6 -> code.move(R1, R9).alu(AluOperator.ADD, R1, R6).load(size, R6, R1, 0);
      case 7 ->
          code.move(R1, R8).alu(random.pick(AluOperator.values()), R1, any).load(size, R6, R1, 0);
      case 8 -> {
        Label again = code.label("for ever");
        // a counter that is never reached would keep a verifier busy up to its limit
        code.move(R1, 0).bind(again).alu(AluOperator.ADD, R1, random.nextInt(2));
        code.branch(Condition.LESS, R1, random.nextInt(20), again);
      }
      case 9 -> helper();
      case 10 -> {
        Width width = random.width();
        code.add(
            new Instruction.Atomic(
                width,
                random.pick(AtomicOperator.values()),
                any,
                (short) (random.nextInt(64) - 32),
                Register.of(random.nextInt(10))));
      }
      case 11 -> code.store(size, R9, 128, Register.of(8 + random.nextInt(3)));
      case 12 -> {
        Label next = code.label("next");
        code.add(
            new Instruction.Branch(
                random.width(),
                random.pick(Condition.values()),
                any,
                Register.of(random.nextInt(11)),
                (short) 0),
            next);
        code.bind(next);
      }
      case 13 -> {
        code.load(MemorySize.DOUBLE, R1, R10, StackPlan.CONTEXT);
        code.load(size, R6, R1, 4 * random.nextInt(7));
      }
      case 14 -> {
        code.load(MemorySize.DOUBLE, R1, R10, StackPlan.CONTEXT);
        code.store(size, R1, 4 * random.nextInt(7), R6);
      }
      default -> anything();
    }
  }

  private void helper() {
    HelperFunction helper = random.pick(HelperFunction.values());
    Register[] arguments = {R1, R2, R3, R4, R5};
    for (Register argument : arguments) {
      switch (random.nextInt(6)) {
        case 0 ->
            code.add(
                new Instruction.LoadReference(
                    argument, ReferenceKind.MAP_INDEX, random.nextInt(7), 0));
        case 1 -> code.move(argument, R10).alu(AluOperator.ADD, argument, -8 * random.nextInt(12));
        case 2 -> code.move(argument, R9);
        case 3 -> code.move(argument, R8);
        default -> code.move(argument, random.nextInt(20));
      }
    }
    code.callHelper(helper.id());
    code.move(R0, 0);
    for (Register argument : arguments) {
      code.move(argument, 0);
    }
  }

  /** Whatever bytes decode to that leads nowhere. */
  private void anything() {
    for (int tries = 0; tries < 100; tries++) {
      byte[] slot = new byte[2 * Slot.BYTES];
      new Slot(
              random.nextInt(256),
              random.nextInt(11),
              random.nextInt(3) > 0 ? 0 : random.nextInt(11),
              (short) (random.nextInt(3) > 0 ? 0 : random.nextInt(64) - 32),
              random.nextInt(3) > 0 ? 0 : random.nextInt(64))
          .put(slot, 0);
      try {
        Instruction instruction = Instruction.at(slot, 0);
        boolean leads = instruction.targetFrom(0).isPresent();
        boolean kernel =
            instruction instanceof Instruction.LoadReference
                || instruction instanceof Instruction.CallKernel
                || instruction instanceof Instruction.CallRegister;
        if (!leads && !kernel) {
          code.add(instruction);
          return;
        }
      } catch (BadDataException e) {
        // again
      }
    }
  }
}
