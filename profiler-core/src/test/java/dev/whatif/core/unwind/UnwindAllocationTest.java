package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.testing.GdbStop;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Unwinding happens a thousand times a second beside the program: it must make no garbage. */
@Requires({Requirement.GCC, Requirement.GDB})
class UnwindAllocationTest {

  private static final int WARM = 30_000;
  private static final int MEASURED = 30_000;
  private static final int ROUNDS = 10;

  @Test
  void unwindingAllocatesNothingOnceWarm() throws Exception {
    try (StoppedProgram p =
        StoppedProgram.start(Programs.compiled("deep.c", "-O2", "-g", "-lpthread"))) {
      List<GdbStop> stops = GdbStop.of(p.pid(), 6, 0.003);
      AddressSpace space = new AddressSpace((int) p.pid());
      stops.getLast().mappings().stream().filter(Mapping::executable).forEach(space::map);
      Registers[] registers =
          stops.stream().map(UnwindAllocationTest::registers).toArray(Registers[]::new);
      CapturedStack[] stacks =
          stops.stream().map(UnwindAllocationTest::stack).toArray(CapturedStack[]::new);
      StackFrames frames = new StackFrames();
      try (Unwinder unwinder = new Unwinder(new UnwindTables())) {
        unwind(unwinder, space, registers, stacks, frames, WARM);
        long allocated = Long.MAX_VALUE;
        // The compiler may take its time where other tests have run before: warm is when it is
        // done.
        for (int round = 0; round < ROUNDS && allocated >= MEASURED / 10; round++) {
          long before = allocatedBytes();
          int depth = unwind(unwinder, space, registers, stacks, frames, MEASURED);
          allocated = allocatedBytes() - before;
          assertThat(depth).isPositive();
        }
        // Asking how much was allocated allocates a little itself.
        assertThat(allocated).isLessThan(MEASURED / 10);
      }
    }
  }

  private static int unwind(
      Unwinder unwinder,
      AddressSpace space,
      Registers[] registers,
      CapturedStack[] stacks,
      StackFrames frames,
      int times) {
    int depth = 0;
    for (int i = 0; i < times; i++) {
      int k = i % registers.length;
      unwinder.unwind(space, registers[k], stacks[k], frames);
      depth += frames.depth();
    }
    return depth;
  }

  private static Registers registers(GdbStop stop) {
    Registers result = new Registers();
    for (int r = 0; r < Registers.COUNT; r++) {
      result.set(r, stop.registers()[r]);
    }
    return result;
  }

  private static CapturedStack stack(GdbStop stop) {
    GdbStop.Stack first = stop.stacks().getFirst();
    CapturedStack result = new CapturedStack();
    result.reset(first.address(), MemorySegment.ofArray(first.bytes()), 0, first.bytes().length);
    return result;
  }

  /**
   * {@code com.sun.management.ThreadMXBean.getCurrentThreadAllocatedBytes}, by reflection: the
   * module of the product does not read jdk.management.
   */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method method =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
    return (long) method.invoke(bean);
  }
}
