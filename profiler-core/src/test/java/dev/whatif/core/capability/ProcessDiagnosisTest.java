package dev.whatif.core.capability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels and settings that this machine does not have. */
class ProcessDiagnosisTest {

  private static final int PID = 4_194_300;

  @TempDir Path root;

  @BeforeEach
  void rootLooksAtAnOrdinaryProcess() throws IOException {
    file("/proc/self/status", "Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n");
    status(PID, "VmSize:\t  3060 kB\n");
    thread(PID, "");
    file("/proc/" + PID + "/maps", "7ffd000000-7ffd002000 r-xp 00000000 00:00 0 [vdso]\n");
    file("/proc/" + PID + "/limits", "Max address space         unlimited            unlimited\n");
  }

  @Test
  void aShadowStackIsRefused() throws IOException {
    assertThat(row("attaching").state()).isEqualTo(CapabilityState.OK);
    thread(PID + 1, "x86_Thread_features:\tshstk wrss\n");
    assertThat(row("attaching").finding()).contains("shadow stack", "thread " + (PID + 1));
    assertThat(row("attaching").state()).isEqualTo(CapabilityState.UNAVAILABLE);
  }

  @Test
  void yamaSaysWhatToDo() throws IOException {
    file("/proc/sys/kernel/yama/ptrace_scope", "3");
    assertThat(row("attaching").finding()).contains("until reboot");
    file("/proc/sys/kernel/yama/ptrace_scope", "1");
    assertThat(row("attaching").state()).as("root may").isEqualTo(CapabilityState.OK);
    file("/proc/self/status", "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0\n");
    assertThat(row("attaching").remedy()).contains("kernel.yama.ptrace_scope=0");
  }

  @Test
  void memoryThatMayNotExecuteIsRefused() throws IOException {
    file("/proc/sys/vm/memfd_noexec", "1");
    assertThat(row("executable memory").state()).isEqualTo(CapabilityState.OK);
    file("/proc/sys/vm/memfd_noexec", "2");
    assertThat(row("executable memory").state()).isEqualTo(CapabilityState.UNAVAILABLE);
    assertThat(row("executable memory").remedy()).contains("vm.memfd_noexec=1");
  }

  @Test
  void aKernelWithoutSeccompShowsNoMode() {
    assertThat(row("system call filter").finding()).isEqualTo("none (seccomp off)");
  }

  @Test
  void aVdsoThatIsSwitchedOffIsSaid() throws IOException {
    file("/proc/" + PID + "/maps", "400000-401000 r-xp 00000000 fe:00 7 /bin/x\n");
    assertThat(row("vdso").state()).isEqualTo(CapabilityState.DEGRADED);
  }

  @Test
  void whoeverEndsMeanwhileLeavesEmptySets() {
    SignalUse nobody = SignalUse.of(new KernelFiles(root), 1, List.of());
    assertThat(nobody.free()).hasSize(30).doesNotContain(34);
    SignalUse all = new SignalUse(-1, 0, 0, Map.of(1, 0L), true);
    assertThat(all.choice()).isEmpty();
    assertThat(SignalUse.of(PID).blocked()).isEmpty();
  }

  @Test
  void theLeastBlockedSignalIsChosen() {
    long all = ~0L << 34;
    SignalUse use = new SignalUse(0, 0, 0, Map.of(1, all & ~(1L << 49), 2, 0L), false);
    assertThat(use.choice()).as("signal 50 is bit 49").hasValue(50);
    assertThat(use.blockers(64)).containsExactly(1);
  }

  @Test
  void whatGoLeavesFreeIsTheSignalThatMuslWouldUse() {
    long allBut34 = ~(1L << 33);
    assertThat(new SignalUse(allBut34, 0, 0, Map.of(1, 0L), true).choice()).hasValue(34);
    assertThat(new SignalUse(allBut34, 0, 0, Map.of(1, 0L), false).choice()).isEmpty();
  }

  private Capability row(String name) {
    return ProcessDiagnosis.of(new KernelFiles(root), PID).rows().stream()
        .filter(r -> r.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void status(int pid, String more) throws IOException {
    file(
        "/proc/" + PID + "/status",
        "Name:\tx\nTgid:\t%d\nState:\tS\nUid:\t0\t0\t0\t0\nThreads:\t1\n%s".formatted(pid, more));
  }

  private void thread(int tid, String more) throws IOException {
    file("/proc/%d/task/%d/status".formatted(PID, tid), "Name:\tx\nTgid:\t" + PID + "\n" + more);
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
