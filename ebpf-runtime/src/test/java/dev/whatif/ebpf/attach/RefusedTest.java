package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Signal;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be entered is left as it is, with a reason and a remedy. */
@Requires({Requirement.GCC, Requirement.ROOT})
class RefusedTest {

  private static EnteredProgram hardened(String how) {
    return EnteredProgram.start(Programs.compiled("hardened.c", "-O1", "-pthread").toString(), how);
  }

  @ParameterizedTest
  @CsvSource({
    "filter-memfd, memfd_create",
    "filter-sigprocmask, rt_sigprocmask",
    "filter-mmap-exec, mmap",
    "strict, strict mode",
    "address-space, RLIMIT_AS",
    "files, RLIMIT_NOFILE",
  })
  void withAReasonAndARemedy(String how, String reason) {
    try (EnteredProgram target = hardened(how)) {
      LockSupport.parkNanos(50_000_000); // strict mode begins behind "ready"
      String before = target.appearance();
      assertThatThrownBy(() -> Injector.enter(target.pid()))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining(reason)
          .satisfies(e -> assertThat(((WhatifException) e).remedy()).isNotEmpty());
      assertThat(target.appearance()).isEqualTo(before);
      LockSupport.parkNanos(50_000_000);
      target.requireWell();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"filter-harmless", "mdwe", "trap-ignored"})
  void whatIsHarmlessIsEntered(String how) {
    try (EnteredProgram target = hardened(how)) {
      String before = target.appearance();
      try (Injector injector = Injector.enter(target.pid())) {
        assertThat(injector.install(new PauseCode()).signal()).isEqualTo(63);
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void aCallThatTheFilterForbidsIsNotMade() {
    try (EnteredProgram target = hardened("filter-harmless");
        Injector injector = Injector.enter(target.pid())) {
      assertThatThrownBy(() -> injector.syscalls(new RemoteCall("reboot", 169, 0, 0, 0, 0)))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("reboot");
      target.requireWell();
    }
  }

  @Test
  void theSecondControllerIsToldOfTheFirst() {
    try (EnteredProgram target = EnteredProgram.threads(0, 0, 0, 0);
        Injector injector = Injector.enter(target.pid())) {
      assertThat(injector.pid()).isEqualTo(target.pid());
      assertThatThrownBy(() -> Injector.enter(target.pid()))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("entered already by")
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aTargetThatExecutesAnotherProgramIsLost() {
    try (EnteredProgram target = hardened("exec");
        Injector injector = Injector.enter(target.pid())) {
      for (int i = 0; i < 1000 && !sleeps(target.pid()); i++) {
        LockSupport.parkNanos(5_000_000);
      }
      String before = target.appearance();
      assertThatThrownBy(injector::syscalls)
          .isInstanceOf(TargetLostException.class)
          .hasMessageContaining("another program");
      injector.close();
      assertThat(target.appearance()).isEqualTo(before);
      assertThat(target.running()).isTrue();
    }
  }

  /** Whether it has become sleep(1), loaded its libraries, and sleeps. */
  private static boolean sleeps(int pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/comm")).equals("sleep\n")
          && Files.readString(Path.of("/proc/" + pid + "/wchan")).contains("nanosleep");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTargetThatEndsIsLost() {
    try (EnteredProgram target = EnteredProgram.threads(0, 1, 0, 0);
        Injector injector = Injector.enter(target.pid())) {
      Signal.kill(target.pid(), Signal.SIGKILL);
      for (int i = 0; i < 1000 && target.running(); i++) {
        LockSupport.parkNanos(5_000_000);
      }
      assertThatThrownBy(injector::syscalls).isInstanceOf(TargetLostException.class);
      injector.close();
    }
    assertThatThrownBy(() -> Injector.enter(Integer.MAX_VALUE))
        .isInstanceOf(TargetLostException.class);
  }
}
