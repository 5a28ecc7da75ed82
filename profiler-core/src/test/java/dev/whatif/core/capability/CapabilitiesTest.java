package dev.whatif.core.capability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilitiesTest {

  private static final PerfEventTrial ALL_OPEN = new PerfEventTrial("", "", "");
  private static final PerfEventTrial USER_ONLY =
      new PerfEventTrial("", "Permission denied", "No such file or directory");

  @TempDir Path root;

  @BeforeEach
  void anOrdinaryUserOnAnOrdinaryKernel() throws IOException {
    file("/proc/self/status", "Name:\tjava\nUid:\t1000\t1000\t1000\t1000\nCapEff:\t0\nSeccomp:\t0");
    file("/proc/self/limits", "Max open files            1024                 4096      files");
    file("/proc/sys/kernel/perf_event_paranoid", "2\n");
    file("/proc/sys/kernel/yama/ptrace_scope", "1");
    file("/proc/sys/kernel/kptr_restrict", "1");
    file("/proc/kallsyms", "0000000000000000 T startup_64\n");
    file("/proc/loadavg", "0.05 0.01 0.00 1/100 999");
  }

  @Test
  void anOrdinaryUserMaySampleOwnProcessesInUserMode() {
    assertThat(state("CPU sampling", USER_ONLY)).isEqualTo(CapabilityState.OK);
    assertThat(state("kernel samples", USER_ONLY)).isEqualTo(CapabilityState.DEGRADED);
    assertThat(state("others' processes", USER_ONLY)).isEqualTo(CapabilityState.DEGRADED);
    assertThat(row("ptrace", USER_ONLY).remedy()).contains("kernel.yama.ptrace_scope=0");
    assertThat(row("kernel symbols", USER_ONLY).finding()).contains("hides", "kptr_restrict 1");
    assertThat(row("open files", USER_ONLY).remedy()).contains("ulimit -n");
    assertThat(state("kernel BPF", USER_ONLY)).isEqualTo(CapabilityState.DEGRADED);
  }

  @Test
  void aRefusedCounterNamesTheSettingThatRefuses() throws IOException {
    file("/proc/sys/kernel/perf_event_paranoid", "4");
    PerfEventTrial refused = new PerfEventTrial("Permission denied", "Permission denied", "");
    Capability row = row("CPU sampling", refused);
    assertThat(row.state()).isEqualTo(CapabilityState.UNAVAILABLE);
    assertThat(row.finding()).contains("perf_event_paranoid is 4");
    assertThat(row.remedy()).isEqualTo("sudo sysctl kernel.perf_event_paranoid=2");
  }

  @Test
  void rootMayEverythingButWhatTheKernelLacks() throws IOException {
    file("/proc/self/status", "Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\nSeccomp:\t0");
    file("/proc/kallsyms", "ffffffff81000000 T startup_64\n");
    file("/sys/kernel/sched_ext/state", "disabled");
    assertThat(state("others' processes", ALL_OPEN)).isEqualTo(CapabilityState.OK);
    assertThat(state("kernel samples", ALL_OPEN)).isEqualTo(CapabilityState.OK);
    assertThat(state("ptrace", ALL_OPEN)).isEqualTo(CapabilityState.OK);
    assertThat(state("kernel BPF", ALL_OPEN)).isEqualTo(CapabilityState.OK);
    assertThat(state("kernel symbols", ALL_OPEN)).isEqualTo(CapabilityState.OK);
    assertThat(state("sched_ext", ALL_OPEN)).isEqualTo(CapabilityState.OK);
    assertThat(state("hardware counters", ALL_OPEN)).isEqualTo(CapabilityState.DEGRADED);
    file("/sys/kernel/sched_ext/state", "enabled");
    assertThat(row("sched_ext", ALL_OPEN).finding()).contains("another scheduler");
  }

  @Test
  void everyRowThatIsNotWellSaysWhy() {
    for (PerfEventTrial trial : new PerfEventTrial[] {ALL_OPEN, USER_ONLY}) {
      for (Capability row : Capabilities.of(new KernelFiles(root), trial).rows()) {
        assertThat(row.finding()).as(row.name()).isNotBlank();
        assertThat(row.neededBy()).as(row.name()).isNotBlank();
        assertThat(row.state() == CapabilityState.OK && row.remedy() != null).isFalse();
      }
    }
  }

  @Test
  void thisMachineAnswersEveryQuestion() {
    assertThat(Capabilities.probe().rows())
        .extracting(Capability::name)
        .doesNotHaveDuplicates()
        .contains("CPU sampling", "ptrace", "kernel BTF", "userfaultfd", "debug files");
  }

  private CapabilityState state(String name, PerfEventTrial trial) {
    return row(name, trial).state();
  }

  private Capability row(String name, PerfEventTrial trial) {
    return Capabilities.of(new KernelFiles(root), trial).rows().stream()
        .filter(r -> r.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
