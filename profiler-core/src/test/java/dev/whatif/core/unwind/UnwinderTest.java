package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The frames are those that gdb shows at the same stop. */
@Requires({Requirement.GCC, Requirement.GDB, Requirement.BINUTILS})
class UnwinderTest {

  private static final int STOPS = Integer.getInteger("whatif.stops", 20);

  @Test
  void stacksOfAProgramThatSortsPrintsAndHandlesSignals() throws Exception {
    same("deep -O2 -g", Programs.compiled("deep.c", "-O2", "-g", "-lpthread"));
  }

  @Test
  void stacksOfAProgramWithDebugFrameOnly() throws Exception {
    same(
        "deep, .debug_frame only",
        Programs.compiled(
            "deep.c",
            "-O2",
            "-g",
            "-fno-asynchronous-unwind-tables",
            "-fno-unwind-tables",
            "-lpthread"));
  }

  /** A handler's frame, the trampoline, a pc of 0 with no mapping, and callers by frame pointer. */
  @Test
  void stacksThroughANullPointerWithoutCallFrameInformation() throws Exception {
    same(
        "nowhere, frame pointers only",
        Programs.compiled(
            "nowhere.c",
            "-O1",
            "-fno-asynchronous-unwind-tables",
            "-fno-unwind-tables",
            "-fno-omit-frame-pointer"));
  }

  private static void same(String name, Path program) throws Exception {
    try (StoppedProgram p = StoppedProgram.start(program)) {
      StackAgreement agreement = p.agreement(name, STOPS);
      System.out.print(agreement.text());
      assertThat(agreement.differences()).isEmpty();
      assertThat(agreement.stops()).isGreaterThanOrEqualTo(STOPS);
    }
  }
}
