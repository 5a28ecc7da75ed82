package dev.whatif.core.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.GdbStop;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
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

  private static void same(String name, Path program, String... arguments)
      throws IOException, InterruptedException {
    String[] command = new String[1 + arguments.length];
    command[0] = program.toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Thread.sleep(200);
      StackAgreement agreement =
          StackAgreement.of(name, process.pid(), GdbStop.of(process.pid(), STOPS, 0.003));
      System.out.print(agreement.text());
      assertThat(agreement.differences()).isEmpty();
      assertThat(agreement.stacks()).isGreaterThanOrEqualTo(STOPS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
