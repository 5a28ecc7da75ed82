package dev.whatif.ebpf.fuzz;

import static dev.whatif.ebpf.isa.Register.R0;
import static dev.whatif.ebpf.isa.Register.R1;
import static dev.whatif.ebpf.isa.Register.R10;
import static dev.whatif.ebpf.isa.Register.R2;
import static dev.whatif.ebpf.isa.Register.R3;
import static dev.whatif.ebpf.isa.Register.R6;
import static dev.whatif.ebpf.isa.Register.R7;
import static dev.whatif.ebpf.isa.Register.R8;
import static dev.whatif.ebpf.isa.Register.R9;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.verifier.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * XDP programs of a seed. r8 is the packet, of which {@value #PACKET_BYTES} bytes are known to be
 * there, r9 the value of an array map; r7 counts loops; all others hold numbers. At the end the
 * numbers are stored in the value, so that what a program did is seen. For one thread.
 */
public final class ProgramGenerator {

  /** Bytes of the packet that programs look for, and read. */
  public static final int PACKET_BYTES = 64;

  /** Bytes of the map's only value: {@link #RESULT_BYTES} of results, the rest to work on. */
  public static final int VALUE_BYTES = 256;

  /** Where registers are stored at the end. */
  public static final int RESULT_BYTES = 128;

  private static final int MOST_STATEMENTS = 24;
  private static final int MOST_FUNCTIONS = 3;
  private static final int MOST_TURNS = 6;

  private final Choices random;
  private final CodeBuilder code;
  private final Callbacks callbacks;
  private final Statements statements;
  private final List<Label> functions = new ArrayList<>();

  private ProgramGenerator(long seed, CodeBuilder code) {
    random = new Choices(seed);
    this.code = code;
    callbacks = new Callbacks(random, code);
    HelperStatements helpers = new HelperStatements(random, code, callbacks);
    statements =
        new Statements(
            random,
            code,
            functions,
            helpers,
            new PointerStatements(random, code, callbacks, helpers),
            new WrongStatements(random, code));
  }

  /** The program of a seed. */
  public static GeneratedProgram of(long seed) {
    AtomicBoolean wrong = new AtomicBoolean();
    Code code =
        Code.build(b -> {
          ProgramGenerator generator = new ProgramGenerator(seed, b);
          generator.write();
          wrong.set(generator.random.wasWrong());
        });
    String name = "fuzz_%016x".formatted(seed);
    return new GeneratedProgram(
        new Program(name, ProgramType.XDP, 0, code, FuzzMaps.ALL, List.of()), !wrong.get());
  }

  private void write() {
    for (int i = random.nextInt(MOST_FUNCTIONS + 1); i > 0; i--) {
      functions.add(code.label("f" + i));
    }
    Label tooShort = code.label("short");
    code.store(MemorySize.DOUBLE, R10, StackPlan.CONTEXT, R1);
    code.add(new Instruction.Load(MemorySize.WORD, false, R8, R1, (short) 0));
    code.add(new Instruction.Load(MemorySize.WORD, false, R3, R1, (short) Integer.BYTES));
    code.move(R2, R8).alu(AluOperator.ADD, R2, PACKET_BYTES);
    code.branch(Condition.GREATER, R2, R3, tooShort);
    code.add(new Instruction.LoadReference(R9, ReferenceKind.MAP_INDEX_VALUE, 0, 0));
    Scope scope = new Scope(true);
    for (int number = 0; number <= R6.number(); number++) {
      statements.constant(Register.of(number), scope);
    }
    code.move(R7, 0);
    statements.clearStack();
    block(scope, 1 + random.nextInt(MOST_STATEMENTS), 0);
    store(scope);
    if (random.nextBoolean()) {
      code.move(R0, 2);
    } else {
      code.move(R0, R6);
    }
    code.exit();
    code.bind(tooShort).move(R0, 1).exit();
    for (Label function : statements.called()) {
      function(function);
    }
    callbacks.write();
  }

  /** A function of five numbers; it calls nobody. */
  private void function(Label label) {
    code.bind(label);
    Scope scope = new Scope(false);
    for (int number = 1; number <= 5; number++) {
      scope.initialise(Register.of(number));
    }
    statements.constant(R0, scope);
    statements.clearStack();
    for (int i = random.nextInt(6); i > 0; i--) {
      statements.write(scope);
    }
    if (!scope.isNumber(R0)) {
      code.move(R0, 3);
    }
    code.exit();
  }

  private void block(Scope scope, int length, int nesting) {
    for (int i = 0; i < length; i++) {
      int kind = random.nextInt(20);
      if (kind < 3 && nesting < 4 && random.mayBranch()) {
        branch(scope, nesting);
      } else if (kind == 3 && nesting == 0) {
        loop(scope);
      } else if (kind == 3 && nesting == 1 && random.nextInt(3) == 0) {
        innerLoop(scope);
      } else if (kind == 4 && nesting > 0 && random.nextInt(4) == 0 && random.mayBranch()) {
        leave(scope);
      } else {
        statements.write(scope);
      }
    }
  }

  private void branch(Scope scope, int nesting) {
    Label otherwise = code.label("otherwise");
    Label end = code.label("end");
    statements.branch(scope, otherwise);
    Scope taken = scope.copy();
    block(taken, 1 + random.nextInt(4), nesting + 1);
    if (random.nextBoolean()) {
      code.jump(end).bind(otherwise);
      Scope other = scope.copy();
      block(other, 1 + random.nextInt(3), nesting + 1);
      code.bind(end);
      scope.join(taken, other);
    } else {
      code.bind(otherwise).bind(end);
      scope.join(taken, scope.copy());
    }
  }

  private void loop(Scope scope) {
    Label again = code.label("again");
    int turns = 1 + random.nextInt(MOST_TURNS);
    code.move(R7, turns).bind(again);
    Scope body = scope.copy();
    random.repeat(turns);
    block(body, 1 + random.nextInt(4), 1);
    random.endRepeat(turns);
    for (Register lost : scope.lostIn(body)) {
      statements.constant(lost, body); // the next turn reads it
    }
    code.add(new Instruction.Alu(Width.W64, AluOperator.ADD, R7, new Immediate(-1)));
    code.branch(Condition.NOT_EQUAL, R7, 0, again);
  }

  /** Counts on the stack. */
  private void innerLoop(Scope scope) {
    Label again = code.label("inner");
    int turns = 1 + random.nextInt(3);
    code.store(MemorySize.DOUBLE, R10, StackPlan.COUNTER, turns).bind(again);
    Scope body = scope.copy();
    random.repeat(turns);
    block(body, 1 + random.nextInt(3), 2);
    random.endRepeat(turns);
    for (Register lost : scope.lostIn(body)) {
      statements.constant(lost, body);
    }
    code.load(MemorySize.DOUBLE, R1, R10, StackPlan.COUNTER);
    code.alu(AluOperator.SUBTRACT, R1, 1);
    code.store(MemorySize.DOUBLE, R10, StackPlan.COUNTER, R1);
    code.branch(Condition.SIGNED_GREATER, R1, 0, again);
    scope.initialise(R1);
  }

  /** Ends the program early on one way. */
  private void leave(Scope scope) {
    Label on = code.label("on");
    statements.branch(scope, on);
    code.move(R0, random.nextInt()).exit().bind(on);
  }

  private void store(Scope scope) {
    int at = 0;
    for (int number = 0; number <= R6.number(); number++) {
      if (scope.isNumber(Register.of(number))) {
        code.store(MemorySize.DOUBLE, R9, at, Register.of(number));
      }
      at += Long.BYTES;
    }
    for (int slot = 1; slot <= Statements.STACK_SLOTS; slot++) {
      code.load(MemorySize.DOUBLE, R1, R10, -slot * Long.BYTES);
      code.store(MemorySize.DOUBLE, R9, at, R1);
      at += Long.BYTES;
    }
  }
}
