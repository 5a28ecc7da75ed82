package dev.whatif.ebpf.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The targets would notice: gdb does to them what the product must never do. */
@Requires({Requirement.GCC, Requirement.GDB})
class SelfCheckTest {

  @ParameterizedTest(name = "{1} of a thread that does {0}")
  @CsvSource({
    "general, $rbx = 7",
    "general, $rdi = 7",
    "general, $rbp = 7",
    "general, $r11 = 7",
    "general, $r14 = 7",
    "general, *(long*)($rsp - 64) = 7",
    "avx, $ymm3.v4_int64[3] = 7",
    "avx512, $zmm31.v8_int64[6] = 7",
    "avx512, $k3 = 0xff",
    "floating, $mxcsr = 0x1f80",
    "floating, $fctrl = 0x37f",
    "floating, $st0 = 7"
  })
  void aWrongRegisterIsFoundOut(String role, String assignment) throws IOException {
    assumeTrue(
        !role.equals("avx512") || cpuFlags().contains(" avx512f "), "the CPU has no AVX-512");
    try (SelfChecking target = SelfChecking.work(1, role)) {
      // Most stops are inside the loop; one that is not may overwrite something unused.
      for (int i = 0; i < 20 && target.report().wrong() == 0; i++) {
        gdb(target.pid(), "set var " + assignment);
        pause();
      }
      assertThat(target.report().wrong()).as(target.report().text()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "recv", "signal", "sem", "accept", "forever"})
  void anInterruptedCallIsCounted(String role) {
    try (SelfChecking target = SelfChecking.work(1, role)) {
      for (int i = 0; i < 20 && target.report().eintr() == 0; i++) {
        gdb(target.pid());
        pause();
      }
      assertThat(target.report().eintr()).as("EINTR because gdb stopped it").isPositive();
    }
  }

  @Test
  void anUntouchedOneIsRight() {
    try (SelfChecking target = SelfChecking.crowd(100)) {
      target.goesOn();
      assertThat(target.report().threads()).isEqualTo(100);
    }
  }

  /** Nothing that could be installed: such a register is not there to be broken. */
  private static String cpuFlags() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .map(line -> line + " ")
        .orElseThrow();
  }

  private static void gdb(int pid, String... commands) {
    List<String> words =
        new ArrayList<>(List.of("gdb", "-q", "-nx", "-batch", "-p", Integer.toString(pid)));
    for (String command : commands) {
      words.addAll(List.of("-ex", command));
    }
    Programs.run(words.toArray(String[]::new));
  }

  private static void pause() {
    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
  }
}
