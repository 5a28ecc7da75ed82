package dev.whatif.ebpf.runtime;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.bpfhelper.code.Invocation;
import dev.whatif.ebpf.bpfhelper.code.PlacedHelpers;
import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.Interpreter;
import dev.whatif.ebpf.interpreter.MemoryFault;
import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.verifier.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs a program of an object on memory of a user's.
 *
 * @param r0 what it returned
 * @param memory the memory afterwards
 * @param meanNanos of one run
 */
@SuppressWarnings("ArrayRecordComponent")
public record UserSpaceRun(long r0, byte[] memory, double meanNanos) {

  /**
   * Instruction by instruction.
   *
   * @param repeat so many times in a row, on the same memory; at least once
   * @param trace gets what the program prints
   * @throws BadDataException when the program does what a verified program does not
   */
  public static UserSpaceRun interpreted(
      UserSpaceObject object, byte[] given, int repeat, Consumer<String> trace) {
    Program program = object.program().program();
    HelperLibrary library =
        new HelperLibrary(program.maps(), object.maps(), 0, CallerIdentity.ofThisThread(), trace);
    try (Arena arena = Arena.ofConfined();
        Execution execution = Interpreter.of(object.program(), library).execution()) {
      ProgramInput input = ProgramInput.of(program, given, arena);
      return repeated(
          input,
          repeat,
          () -> execution.run(input.context().address(), input.length(), input.ranges()));
    } catch (MemoryFault e) {
      throw new BadDataException(
          "program '%s' did what no verified program does: %s"
              .formatted(program.name(), e.getMessage()),
          "this is a mistake of whatif's verifier: please report it with the object",
          e);
    }
  }

  /**
   * Compiled.
   *
   * @param compiled of the object's program
   * @param trace gets how many texts the program printed, which are not kept
   */
  public static UserSpaceRun compiled(
      UserSpaceObject object,
      CompiledCode compiled,
      byte[] given,
      int repeat,
      Consumer<String> trace) {
    Program program = object.program().program();
    try (Arena arena = Arena.ofConfined();
        PlacedHelpers helpers = PlacedHelpers.place();
        RunnableCode code = RunnableCode.of(compiled, helpers.literals(object.maps()));
        Invocation invocation = new Invocation(helpers, 0)) {
      ProgramInput input = ProgramInput.of(program, given, arena);
      UserSpaceRun run =
          repeated(
              input, repeat, () -> code.run(input.context(), input.length(), invocation.block()));
      if (helpers.traceDropped() > 0) {
        trace.accept(
            "%,d texts of bpf_trace_printk are not shown: --engine interpreter shows them"
                .formatted(helpers.traceDropped()));
      }
      return run;
    }
  }

  /** The first run makes the JVM ready, and counts only if it is the only one. */
  private static UserSpaceRun repeated(ProgramInput input, int times, LongSupplier run) {
    long begin = System.nanoTime();
    long r0 = run.getAsLong();
    if (times > 1) {
      begin = System.nanoTime();
      for (int i = 1; i < times; i++) {
        r0 = run.getAsLong();
      }
    }
    double meanNanos = (double) (System.nanoTime() - begin) / Math.max(1, times - 1);
    return new UserSpaceRun(r0, input.memory().toArray(ValueLayout.JAVA_BYTE), meanNanos);
  }
}
