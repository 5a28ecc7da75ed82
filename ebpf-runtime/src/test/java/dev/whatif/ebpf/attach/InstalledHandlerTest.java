package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.ThreadSignal;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.ROOT})
class InstalledHandlerTest {

  private static void await(String what, BooleanSupplier condition) {
    for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }

  private static long count(MemorySegment data, int offset) {
    return data.get(ValueLayout.JAVA_LONG, offset);
  }

  @Test
  void everySignalIsHandledOnceAndTheProgramNeverNotices() {
    try (EnteredProgram target = EnteredProgram.threads(2, 0, 0, 1)) {
      String before = target.appearance();
      try (Injector injector = Injector.enter(target.pid());
          InstalledHandler handler = injector.install(new PauseCode())) {
        assertThat(handler.signal()).isEqualTo(63);
        assertThat(handler.blockedBy()).isEmpty();
        MemorySegment data = handler.data();
        for (int i = 0; i < 500; i++) {
          // real-time signals queue: none is merged with another
          ThreadSignal.send(target.pid(), target.pid(), handler.signal());
        }
        await("all handled", () -> count(data, PauseCode.DONE_OFFSET) == 500);
        assertThat(count(data, PauseCode.BEGUN_OFFSET)).isEqualTo(500);
        target.requireWell();
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void itSleepsToTheDeadlineAndIsLetOutBeforeItIsRemoved() {
    try (EnteredProgram target = EnteredProgram.threads(0, 0, 0, 0)) {
      String before = target.appearance();
      try (Injector injector = Injector.enter(target.pid())) {
        InstalledHandler handler = injector.install(new PauseCode());
        MemorySegment data = handler.data();
        long deadline = System.nanoTime() + 300_000_000; // CLOCK_MONOTONIC here
        data.set(ValueLayout.JAVA_LONG, PauseCode.SECONDS_OFFSET, deadline / 1_000_000_000);
        data.set(ValueLayout.JAVA_LONG, PauseCode.NANOS_OFFSET, deadline % 1_000_000_000);
        ThreadSignal.send(target.pid(), target.pid(), handler.signal());
        await("in the handler", () -> count(data, PauseCode.BEGUN_OFFSET) == 1);
        // pending while the first is handled: thrown away when it is removed
        ThreadSignal.send(target.pid(), target.pid(), handler.signal());
        handler.close();
        assertThat(System.nanoTime()).isGreaterThan(deadline);
        assertThat(count(data, PauseCode.DONE_OFFSET)).isEqualTo(1);
        assertThat(count(data, PauseCode.BEGUN_OFFSET)).isEqualTo(1);
        assertThat(injector.handlers()).isEmpty();
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void severalHandlersHaveSignalsOfTheirOwn() {
    try (EnteredProgram target = EnteredProgram.threads(0, 1, 0, 0)) {
      EntryOptions options = EntryOptions.DEFAULT.with(new PauseCode());
      try (Injector injector = Injector.enter(target.pid(), options)) {
        InstalledHandler second = injector.install(new PauseCode());
        assertThat(injector.handlers()).hasSize(2).contains(second);
        assertThat(second.signal()).isEqualTo(62);
        second.close();
        assertThat(injector.install(new PauseCode()).signal()).isEqualTo(62);
      }
      target.requireWell();
    }
  }

  @Test
  void aSignalThatThreadsBlockIsTakenOnlyWhenNoOtherIsFree() {
    String program = Programs.compiled("hardened.c", "-O1", "-pthread").toString();
    try (EnteredProgram target = EnteredProgram.start(program, "signals-blocked")) {
      try (Injector injector = Injector.enter(target.pid())) {
        // 35 to 63 are caught, 64 is blocked, which leaves 34
        InstalledHandler last = injector.install(new PauseCode());
        assertThat(last.signal()).isEqualTo(34);
        InstalledHandler blocked = injector.install(new PauseCode());
        assertThat(blocked.signal()).isEqualTo(64);
        assertThat(blocked.blockedBy()).containsExactlyElementsOf(ProcTasks.threads(target.pid()));
        assertThatThrownBy(() -> injector.install(new PauseCode()))
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("every real-time signal");
      }
      target.requireWell();
    }
  }
}
