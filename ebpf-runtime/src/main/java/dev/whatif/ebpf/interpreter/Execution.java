package dev.whatif.ebpf.interpreter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What one thread needs to run a program, as often as it likes: registers, saved registers of
 * callers, and a stack of 512 bytes for each of eight functions that may have called one another
 * (RFC 9669 section 2.2; Documentation/bpf/verifier.rst).
 */
public final class Execution implements AutoCloseable {

  /** Bytes of stack of a function. */
  public static final int FRAME_BYTES = 512;

  /** Functions that may be active at once. */
  public static final int MOST_FRAMES = 8;

  /** What {@code exit} takes back: r6 to r9, r10, and where to go on. */
  private static final int SAVED = 6;

  private static final int FIRST_SAVED = 6;

  private static final int ALIGNMENT = 16;

  private final Arena arena = Arena.ofShared();
  private final Translation translation;
  private final Environment environment;
  private final Loop loop;
  private final CheckedMemory memory;
  private final MemorySegment stack;
  private final long stackEnd;
  private final long[] saved = new long[MOST_FRAMES * SAVED];
  private long[] registers = new long[Loop.REGISTERS];
  private int depth;
  private int calling;

  Execution(Translation translation, Environment environment) {
    this.translation = translation;
    this.environment = environment;
    stack = arena.allocate((long) MOST_FRAMES * FRAME_BYTES, ALIGNMENT);
    stackEnd = stack.address() + stack.byteSize();
    memory = new CheckedMemory(translation, environment, stackEnd);
    loop = new Loop(translation, this, memory);
  }

  /**
   * Runs the program from its first instruction.
   *
   * @param r1 the first argument, mostly the address of the context
   * @param r2 the second argument; 0 for programs that have none
   * @param ranges memory that it may touch beside its stack and its maps
   * @return r0
   * @throws MemoryFault when it does what a verified program does not do
   */
  public long run(long r1, long r2, List<MemoryRange> ranges) {
    memory.give(ranges);
    long[] initial = new long[Loop.REGISTERS];
    initial[1] = r1;
    initial[2] = r2;
    depth = 0;
    enter(initial);
    return loop.run(0, 0, initial);
  }

  /**
   * An argument of the helper that is being called.
   *
   * @param number 1 to 5
   */
  public long argument(int number) {
    return registers[number];
  }

  /** Bytes that the helper may read. */
  public MemorySegment read(long address, long bytes) {
    memory.require(address, bytes, false, calling);
    return CheckedMemory.ALL.asSlice(address, bytes).asReadOnly();
  }

  /** Bytes that the helper may write. */
  public MemorySegment write(long address, long bytes) {
    memory.require(address, bytes, true, calling);
    return CheckedMemory.ALL.asSlice(address, bytes);
  }

  /** To be called when memory that the program had is no longer its own. */
  public void givenBack() {
    memory.forget();
  }

  /**
   * Calls a function of the program back, from within a helper.
   *
   * @param function what the program gave
   * @param arguments r1 and on
   * @return its r0
   */
  public long call(long function, long... arguments) {
    int index = functionAt(function, calling);
    int helper = calling;
    long[] caller = registers;
    long[] initial = caller.clone();
    System.arraycopy(arguments, 0, initial, 1, arguments.length);
    push(helper, initial, helper);
    long result = loop.run(index, depth, initial);
    pop(initial);
    registers = caller;
    calling = helper;
    return result;
  }

  /**
   * The same, for a function that may also read some memory of the helper's.
   *
   * @param readable lives until the function returns
   */
  public long callWith(MemorySegment readable, long function, long... arguments) {
    memory.lend(MemoryRange.of(readable.asReadOnly()));
    try {
      return call(function, arguments);
    } finally {
      memory.takeBack();
    }
  }

  /** What a helper throws when its arguments are none that it takes. */
  public MemoryFault fault(String what) {
    return fault(calling, what);
  }

  MemoryFault fault(int index, String what) {
    return new MemoryFault(translation.slotOf(index), what);
  }

  /** Calls a helper: r0 gets its result, and no program may rely on r1 to r5. */
  void callHelper(int id, long[] r, int index) {
    calling = index;
    registers = r;
    r[0] = environment.call(id, this);
  }

  /** The index of the function that a register points to. */
  int functionAt(long value, int index) {
    long function = value - Translation.FUNCTION;
    if (function < 0 || function >= translation.words().length - 1) {
      throw fault(index, "0x%x is no function of the program".formatted(value));
    }
    return (int) function;
  }

  /** Begins a function that returns to an instruction. */
  void push(int returnTo, long[] r, int index) {
    if (depth + 1 >= MOST_FRAMES) {
      throw fault(index, "more than %d functions call one another".formatted(MOST_FRAMES));
    }
    int at = depth * SAVED;
    System.arraycopy(r, FIRST_SAVED, saved, at, SAVED - 1);
    saved[at + SAVED - 1] = returnTo;
    depth++;
    enter(r);
  }

  /** Ends a function; where to go on. */
  int pop(long[] r) {
    depth--;
    int at = depth * SAVED;
    System.arraycopy(saved, at, r, FIRST_SAVED, SAVED - 1);
    memory.stackFrom(stackEnd - (long) FRAME_BYTES * (depth + 1));
    return (int) saved[at + SAVED - 1];
  }

  int depth() {
    return depth;
  }

  private void enter(long[] r) {
    long top = stackEnd - (long) FRAME_BYTES * depth;
    r[10] = top;
    memory.stackFrom(top - FRAME_BYTES);
  }

  @Override
  public void close() {
    arena.close();
  }
}
