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
import dev.whatif.ebpf.isa.Width;

/**
 * Random calls of helper functions, and what is done with their results. Each leaves a number in r0
 * and r6 and nothing in r1 to r5.
 */
final class HelperStatements {

  private static final int[] STORES = {
    FuzzMaps.HASH, FuzzMaps.ARRAY, FuzzMaps.PERCPU_HASH, FuzzMaps.PERCPU_ARRAY
  };

  private static final int[] RADIXES = {0, 8, 10, 16};

  private static final int NUMBER_FORMATS = 5;
  private static final int LONGEST_RECORD = 40;

  /** No machine has a CPU of this number, and no map a slot. */
  private static final int NO_CPU = 5000;

  private final Choices random;
  private final CodeBuilder code;
  private final Callbacks callbacks;

  HelperStatements(Choices random, CodeBuilder code, Callbacks callbacks) {
    this.random = random;
    this.code = code;
    this.callbacks = callbacks;
  }

  void write(Scope scope) {
    int kind = random.nextInt(12);
    boolean branches = kind < 2 || kind == 4 || kind == 5 || kind == 11;
    // a callback within a loop is looked at again and again
    boolean refrains = branches && !random.mayBranch() || kind == 11 && random.repeats();
    switch (refrains ? 2 : kind) {
      case 0, 1 -> lookup();
      case 2 -> update();
      case 3 -> delete();
      case 4 -> lookupOfCpu();
      case 5 -> reserve();
      case 6 -> output();
      case 7 -> compare();
      case 8 -> parse();
      case 9 -> print();
      case 10 -> checksum();
      default -> callBack();
    }
    for (int number = 1; number <= 5; number++) {
      scope.lose(Register.of(number));
    }
    scope.initialise(R0);
    for (int i = random.nextInt(4); i > 0; i--) {
      Register again = Register.of(1 + random.nextInt(5));
      code.load64(again, random.number());
      scope.initialise(again);
    }
  }

  private int store() {
    return STORES[random.nextInt(STORES.length)];
  }

  private static boolean hashed(int map) {
    return map == FuzzMaps.HASH || map == FuzzMaps.PERCPU_HASH;
  }

  /** A key that is there about as often as not. */
  private void key(int map) {
    MemorySize size = hashed(map) ? MemorySize.DOUBLE : MemorySize.WORD;
    if (random.nextBoolean()) {
      code.store(size, R10, StackPlan.KEY, random.nextInt(2 * FuzzMaps.ENTRIES));
    } else {
      code.move(R5, R6).alu(AluOperator.AND, R5, 2 * FuzzMaps.ENTRIES - 1);
      code.store(size, R10, StackPlan.KEY, R5);
    }
  }

  private void map(Register register, int map) {
    code.add(new Instruction.LoadReference(register, ReferenceKind.MAP_INDEX, map, 0));
  }

  private void onStack(Register register, int at) {
    code.move(register, R10).alu(AluOperator.ADD, register, at);
  }

  private void call(HelperFunction helper) {
    code.callHelper(helper.id());
  }

  private void lookup() {
    int map = store();
    key(map);
    map(R1, map);
    onStack(R2, StackPlan.KEY);
    call(HelperFunction.MAP_LOOKUP_ELEM);
    whenFound(FuzzMaps.ELEMENT_BYTES);
  }

  private void lookupOfCpu() {
    int map = random.nextBoolean() ? FuzzMaps.PERCPU_HASH : FuzzMaps.PERCPU_ARRAY;
    key(map);
    map(R1, map);
    onStack(R2, StackPlan.KEY);
    code.move(R3, NO_CPU);
    call(HelperFunction.MAP_LOOKUP_PERCPU_ELEM);
    whenFound(FuzzMaps.ELEMENT_BYTES);
  }

  /** Works on what r0 points to unless that is NULL; r0 is a number afterwards. */
  private void whenFound(int bytes) {
    Label none = code.label("none");
    if (!random.wrong()) {
      code.branch(Condition.EQUAL, R0, 0, none);
    }
    if (random.nextInt(3) == 0) {
      code.store(MemorySize.DOUBLE, R10, StackPlan.POINTER, R0);
      code.load(MemorySize.DOUBLE, R1, R10, StackPlan.POINTER);
    } else {
      code.move(R1, R0);
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      access(R1, bytes);
    }
    code.bind(none).load64(R0, random.number());
  }

  /** Reads or changes memory that a register points to, by r6. */
  void access(Register base, int bytes) {
    MemorySize size = random.pick(MemorySize.values());
    int offset = size.bytes() * random.nextInt(bytes / size.bytes()) + (random.wrong() ? bytes : 0);
    switch (random.nextInt(4)) {
      case 0 -> code.load(size, R6, base, offset);
      case 1 -> code.store(size, base, offset, R6);
      case 2 -> code.store(size, base, offset, (int) random.number());
      default -> {
        Width width = random.width();
        int unit = width == Width.W64 ? Long.BYTES : Integer.BYTES;
        AtomicOperator[] plain = {AtomicOperator.ADD, AtomicOperator.OR, AtomicOperator.XOR};
        code.add(
            new Instruction.Atomic(
                width, random.pick(plain), base, (short) (offset / unit * unit), R6));
      }
    }
  }

  private void update() {
    int map = store();
    key(map);
    switch (random.nextInt(3)) {
      case 0 -> {
        words(StackPlan.BUFFER, FuzzMaps.ELEMENT_BYTES);
        onStack(R3, StackPlan.BUFFER);
      }
      case 1 -> code.move(R3, R8).alu(AluOperator.ADD, R3, random.nextInt(40));
      default ->
          code.move(R3, R9)
              .alu(AluOperator.ADD, R3, ProgramGenerator.RESULT_BYTES + random.nextInt(64));
    }
    map(R1, map);
    onStack(R2, StackPlan.KEY);
    code.move(R4, random.nextInt(random.nextInt(8) == 0 ? 4 : 3));
    call(HelperFunction.MAP_UPDATE_ELEM);
  }

  private void delete() {
    int map = store();
    key(map);
    map(R1, map);
    onStack(R2, StackPlan.KEY);
    call(HelperFunction.MAP_DELETE_ELEM);
  }

  /** Fills part of the stack. */
  private void words(int at, int bytes) {
    for (int i = 0; i < bytes; i += Long.BYTES) {
      if (random.nextBoolean()) {
        code.store(MemorySize.DOUBLE, R10, at + i, R6);
      } else {
        code.store(MemorySize.DOUBLE, R10, at + i, (int) random.number());
      }
    }
  }

  private void reserve() {
    int bytes =
        1 + random.nextInt(random.nextInt(10) == 0 ? 2 * FuzzMaps.RING_BYTES : LONGEST_RECORD);
    Label none = code.label("full");
    map(R1, FuzzMaps.RING);
    code.move(R2, bytes).move(R3, random.nextInt(12) == 0 ? 1 : 0);
    call(HelperFunction.RINGBUF_RESERVE);
    code.branch(Condition.EQUAL, R0, 0, none);
    boolean discard = bytes > LONGEST_RECORD || random.nextInt(4) == 0;
    if (!discard) {
      int at = 0;
      for (; at + Long.BYTES <= bytes; at += Long.BYTES) {
        code.store(MemorySize.DOUBLE, R0, at, R6);
      }
      for (; at < bytes; at++) {
        code.store(MemorySize.BYTE, R0, at, random.nextInt(256));
      }
    }
    if (random.wrong()) {
      code.store(MemorySize.BYTE, R0, bytes + random.nextInt(8), 1);
    }
    code.move(R1, R0).move(R2, random.nextInt(4));
    if (!random.wrong()) {
      call(discard ? HelperFunction.RINGBUF_DISCARD : HelperFunction.RINGBUF_SUBMIT);
    }
    code.bind(none).load64(R0, random.number());
  }

  private void output() {
    map(R1, FuzzMaps.RING);
    if (random.nextInt(4) == 0) {
      code.move(R2, random.nextInt(2));
      call(HelperFunction.RINGBUF_QUERY);
      return;
    }
    if (random.nextBoolean()) {
      words(StackPlan.BUFFER, StackPlan.BUFFER_BYTES);
      onStack(R2, StackPlan.BUFFER);
    } else {
      code.move(R2, R9).alu(AluOperator.ADD, R2, ProgramGenerator.RESULT_BYTES);
    }
    length(R3, random.nextInt(2));
    code.move(R4, random.nextInt(random.nextInt(8) == 0 ? 5 : 3));
    call(HelperFunction.RINGBUF_OUTPUT);
  }

  /** A length from so many bytes to a buffer's, known or not. */
  private void length(Register register, int least) {
    if (random.nextBoolean()) {
      code.move(register, least + random.nextInt(StackPlan.BUFFER_BYTES + 1 - least));
    } else {
      code.move(register, R6).alu(AluOperator.AND, register, StackPlan.BUFFER_BYTES - 1);
      code.alu(AluOperator.ADD, register, random.wrong() ? 2 : least);
    }
  }

  private void text(Register register, int index) {
    int offset = index * FuzzMaps.TEXT_STRIDE + (random.wrong() ? FuzzMaps.TEXT_STRIDE : 0);
    code.add(
        new Instruction.LoadReference(
            register, ReferenceKind.MAP_INDEX_VALUE, FuzzMaps.TEXT, offset));
  }

  private void compare() {
    int text = random.nextInt(FuzzMaps.TEXTS.size());
    words(StackPlan.BUFFER, StackPlan.BUFFER_BYTES);
    byte[] bytes = FuzzMaps.TEXTS.get(text).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (random.nextInt(20) > 0) {
        code.store(MemorySize.BYTE, R10, StackPlan.BUFFER + i, bytes[i]);
      }
    }
    code.store(MemorySize.BYTE, R10, StackPlan.BUFFER + bytes.length, random.nextInt(2));
    onStack(R1, StackPlan.BUFFER);
    length(R2, 1);
    text(R3, text);
    call(HelperFunction.STRNCMP);
  }

  private void parse() {
    String characters = " -+0x17abf9zX8\t\n";
    words(StackPlan.BUFFER, StackPlan.BUFFER_BYTES);
    for (int i = 0; i < StackPlan.BUFFER_BYTES; i++) {
      int from = i < 3 ? 0 : random.nextInt(30) == 0 ? 12 : 3;
      int to = i < 3 ? characters.length() : from == 12 ? characters.length() : 7;
      char c = characters.charAt(from + random.nextInt(to - from));
      code.store(MemorySize.BYTE, R10, StackPlan.BUFFER + i, c);
    }
    code.store(MemorySize.DOUBLE, R10, StackPlan.RESULT, 5);
    onStack(R1, StackPlan.BUFFER);
    length(R2, 1);
    code.move(R3, random.nextInt(10) == 0 ? 7 : RADIXES[random.nextInt(RADIXES.length)]);
    onStack(R4, StackPlan.RESULT);
    call(random.nextBoolean() ? HelperFunction.STRTOL : HelperFunction.STRTOUL);
    code.load(MemorySize.DOUBLE, R6, R10, StackPlan.RESULT);
  }

  private void print() {
    words(StackPlan.BUFFER, StackPlan.BUFFER_BYTES);
    words(StackPlan.ARGUMENTS, FuzzMaps.ELEMENT_BYTES);
    onStack(R1, StackPlan.BUFFER);
    length(R2, random.nextInt(2));
    text(R3, random.nextInt(NUMBER_FORMATS));
    onStack(R4, StackPlan.ARGUMENTS);
    code.move(R5, FuzzMaps.ELEMENT_BYTES);
    call(HelperFunction.SNPRINTF);
    code.load(MemorySize.DOUBLE, R6, R10, StackPlan.BUFFER + Long.BYTES * random.nextInt(4));
  }

  private void checksum() {
    words(StackPlan.BUFFER, StackPlan.BUFFER_BYTES);
    operand(R1, R2);
    operand(R3, R4);
    code.move(R5, R6);
    call(HelperFunction.CSUM_DIFF);
  }

  private void operand(Register pointer, Register length) {
    int words = random.nextInt(5);
    switch (random.nextInt(4)) {
      case 0 -> {
        code.move(pointer, 0);
        words = random.wrong() ? 1 : 0;
      }
      case 1 -> onStack(pointer, StackPlan.BUFFER);
      case 2 -> code.move(pointer, R8);
      default -> code.move(pointer, R9).alu(AluOperator.ADD, pointer, 128 + random.nextInt(64));
    }
    code.move(length, words * Integer.BYTES + (random.nextInt(10) == 0 && words > 0 ? 2 : 0));
  }

  private void callBack() {
    boolean loop = random.nextBoolean();
    // of what it knows, a verifier would follow how it changes with each call, up to its limit
    for (int i = 0; i < FuzzMaps.ELEMENT_BYTES; i += Long.BYTES) {
      code.load(MemorySize.DOUBLE, R5, R9, ProgramGenerator.RESULT_BYTES + i);
      code.store(MemorySize.DOUBLE, R10, StackPlan.ARGUMENTS + i, R5);
    }
    HelperFunction helper = loop ? HelperFunction.LOOP : HelperFunction.FOR_EACH_MAP_ELEM;
    if (loop) {
      code.move(R1, R6).alu(AluOperator.AND, R1, (1 << random.nextInt(6)) - 1);
    } else {
      map(R1, store());
    }
    code.add(new Instruction.LoadReference(R2, ReferenceKind.FUNCTION, 0, 0), callbacks.of(helper));
    onStack(R3, StackPlan.ARGUMENTS);
    code.move(R4, random.nextInt(20) == 0 ? 1 : 0);
    call(helper);
    code.load(MemorySize.DOUBLE, R6, R10, StackPlan.ARGUMENTS + Long.BYTES * random.nextInt(2));
  }
}
