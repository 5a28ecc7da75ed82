package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.ROOT})
class InjectorTest {

  @Test
  void memoryIsSharedAndEverythingIsGoneAfterwards() {
    try (EnteredProgram target = EnteredProgram.threads(1, 1, 2, 1)) {
      String before = target.appearance();
      try (Injector injector = Injector.enter(target.pid())) {
        CodeRegion region = injector.codeSpace().first();
        assertThat(target.appearance())
            .contains("/memfd:whatif:" + target.pid())
            .doesNotContain("fd=[0-9]+ /memfd");
        region.data().set(ValueLayout.JAVA_LONG, 8192, 0x1122334455667788L);
        long[] results =
            injector.syscalls(
                new RemoteCall("getpid", 39),
                // write the 8 bytes to a pipe of its own? its own memory tells: copy them by readv
                new RemoteCall("close", SystemCalls.CLOSE, 999));
        assertThat(results).containsExactly(target.pid(), -9);
        System.out.println("stop " + injector.entryStop() + " then " + injector.lastStop());
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void aHundredEntriesLeaveNothing() {
    try (EnteredProgram target = EnteredProgram.threads(1, 1, 2, 1)) {
      String before = target.appearance();
      for (int i = 0; i < 100; i++) {
        try (Injector injector =
            Injector.enter(target.pid(), EntryOptions.DEFAULT.with(new PauseCode()))) {
          assertThat(injector.handlers()).hasSize(1);
        }
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }
}
