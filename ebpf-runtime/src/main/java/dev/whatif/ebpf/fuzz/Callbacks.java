package dev.whatif.ebpf.fuzz;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R1;
import static dev.whatif.ebpf.isa.Register.R2;
import static dev.whatif.ebpf.isa.Register.R3;
import static dev.whatif.ebpf.isa.Register.R4;
import static dev.whatif.ebpf.isa.Register.R5;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Functions that helpers call back, and functions that take a pointer. A hash table's elements come
 * in another order in each engine, so what callbacks compute does not depend on it.
 */
final class Callbacks {

  private static final AluOperator[] ANY = {
    AluOperator.ADD,
    AluOperator.SUBTRACT,
    AluOperator.MULTIPLY,
    AluOperator.XOR,
    AluOperator.OR,
    AluOperator.AND
  };

  private final Choices random;
  private final CodeBuilder code;
  private final Map<Label, Runnable> bodies = new LinkedHashMap<>();

  Callbacks(Choices random, CodeBuilder code) {
    this.random = random;
    this.code = code;
  }

  /** A new function for a helper. */
  Label of(HelperFunction helper) {
    Label label = code.label("callback");
    bodies.put(label, helper == HelperFunction.LOOP ? this::turn : this::element);
    return label;
  }

  /** A new function whose r1 points to memory of a size. */
  Label onMemory(int bytes) {
    Label label = code.label("memory");
    bodies.put(label, () -> memory(bytes));
    return label;
  }

  /** Writes them all. */
  void write() {
    bodies.forEach((label, body) -> {
      code.bind(label);
      body.run();
      code.exit();
    });
  }

  /** r1 is the number of the turn, r2 the context. */
  private void turn() {
    code.load(MemorySize.DOUBLE, R3, R2, 0);
    for (int i = random.nextInt(4); i >= 0; i--) {
      code.alu(random.pick(ANY), R3, random.nextBoolean() ? R1 : R3);
      code.alu(random.pick(ANY), R3, (int) random.number());
    }
    code.store(MemorySize.DOUBLE, R2, 0, R3);
    code.move(R0, R3);
    if (random.wrong()) {
      return;
    }
    code.alu(AluOperator.SHIFT_RIGHT, R0, random.nextInt(8));
    code.alu(AluOperator.AND, R0, random.nextBoolean() ? 1 : 0);
  }

  /** r1 is the map, r2 the key, r3 the value, r4 the context. */
  private void element() {
    code.load(MemorySize.WORD, R0, R2, 0);
    code.load(random.pick(MemorySize.values()), R1, R3, random.wrong() ? 16 : 8);
    code.alu(random.pick(ANY), R1, R0);
    code.load(MemorySize.DOUBLE, R5, R4, 0);
    code.alu(random.nextBoolean() ? AluOperator.ADD : AluOperator.XOR, R5, R1);
    code.store(MemorySize.DOUBLE, R4, 0, R5);
    if (random.nextBoolean()) {
      code.store(random.pick(MemorySize.values()), R3, 0, R0);
    }
    code.move(R0, 0);
  }

  private void memory(int bytes) {
    code.move(R0, R2);
    for (int i = random.nextInt(4); i >= 0; i--) {
      MemorySize size = random.pick(MemorySize.values());
      int offset =
          size.bytes() * random.nextInt(bytes / size.bytes()) + (random.wrong() ? bytes : 0);
      Register other = random.nextBoolean() ? R2 : R0;
      if (random.nextBoolean()) {
        code.load(size, R3, R1, offset).alu(random.pick(ANY), R0, R3);
      } else {
        code.store(size, R1, offset, other);
      }
    }
  }
}
