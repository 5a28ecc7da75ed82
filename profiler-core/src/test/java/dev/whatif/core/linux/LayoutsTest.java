package dev.whatif.core.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

@Requires(Requirement.GCC)
class LayoutsTest {

  private static final Map<String, Long> C = compiler();

  private static Map<String, Long> compiler() {
    Map<String, Long> result = new HashMap<>();
    Programs.run(Programs.compiled("layouts.c").toString())
        .lines()
        .forEach(l ->
            result.put(
                l.substring(0, l.lastIndexOf(' ')),
                Long.valueOf(l.substring(l.lastIndexOf(' ') + 1))));
    return result;
  }

  private static void same(String name, long value) {
    assertThat(C).as(name).containsEntry(name, value);
  }

  @Test
  void theAttributeOfAnEventIsLaidOutAsTheCompilerDoes() {
    same("sizeof(struct perf_event_attr)", PerfEventAttr.BYTES);
    same("perf_event_attr.type", PerfEventAttr.TYPE);
    same("perf_event_attr.size", PerfEventAttr.SIZE);
    same("perf_event_attr.config", PerfEventAttr.CONFIG);
    same("perf_event_attr.sample_period", PerfEventAttr.SAMPLE_PERIOD);
    same("perf_event_attr.sample_type", PerfEventAttr.SAMPLE_TYPE);
    same("perf_event_attr.read_format", PerfEventAttr.READ_FORMAT);
    same("perf_event_attr.wakeup_watermark", PerfEventAttr.WAKEUP_WATERMARK);
    same("perf_event_attr.config1", PerfEventAttr.CONFIG1);
    same("perf_event_attr.config2", PerfEventAttr.CONFIG2);
    same("perf_event_attr.sample_regs_user", PerfEventAttr.SAMPLE_REGS_USER);
    same("perf_event_attr.sample_stack_user", PerfEventAttr.SAMPLE_STACK_USER);
    same("perf_event_attr.clockid", PerfEventAttr.CLOCKID);
    same("perf_event_mmap_page.data_head", PerfMmapPage.DATA_HEAD);
    same("perf_event_mmap_page.data_tail", PerfMmapPage.DATA_TAIL);
  }

  @Test
  void theFlagsOfAnEventAreTheCompilersBitFields() {
    for (PerfEventAttr.Flag flag : PerfEventAttr.Flag.values()) {
      same("bit " + flag.name().toLowerCase(Locale.ROOT), flag.bit());
    }
  }

  @Test
  void numbersAreThoseOfTheHeaders() {
    same("PERF_COUNT_SW_TASK_CLOCK", PerfEvent.PERF_COUNT_SW_TASK_CLOCK);
    same("PERF_COUNT_SW_DUMMY", PerfEvent.PERF_COUNT_SW_DUMMY);
    same("PERF_COUNT_SW_BPF_OUTPUT", PerfEvent.PERF_COUNT_SW_BPF_OUTPUT);
    same("PERF_SAMPLE_RAW", PerfEvent.PERF_SAMPLE_RAW);
    same("PERF_SAMPLE_CALLCHAIN", PerfEvent.PERF_SAMPLE_CALLCHAIN);
    same("PERF_SAMPLE_REGS_USER", PerfEvent.PERF_SAMPLE_REGS_USER);
    same("PERF_SAMPLE_STACK_USER", PerfEvent.PERF_SAMPLE_STACK_USER);
    same("PERF_RECORD_SAMPLE", PerfEvent.PERF_RECORD_SAMPLE);
    same("PERF_RECORD_MMAP2", PerfEvent.PERF_RECORD_MMAP2);
    same("PERF_RECORD_FORK", PerfEvent.PERF_RECORD_FORK);
    same("PERF_RECORD_MISC_COMM_EXEC", PerfEvent.PERF_RECORD_MISC_COMM_EXEC);
    same("PERF_EVENT_IOC_ENABLE", PerfEvent.IOC_ENABLE);
    same("PERF_EVENT_IOC_DISABLE", PerfEvent.IOC_DISABLE);
    same("PERF_EVENT_IOC_SET_OUTPUT", PerfEvent.IOC_SET_OUTPUT);
    same("PERF_EVENT_IOC_SET_BPF", PerfEvent.IOC_SET_BPF);
    same("PERF_COUNT_SW_CPU_CLOCK", PerfEvent.PERF_COUNT_SW_CPU_CLOCK);
    same("SYS_bpf", Bpf.NR_BPF);
    same("SYS_fsopen", Mount.NR_FSOPEN);
    same("SYS_fsconfig", Mount.NR_FSCONFIG);
    same("SYS_fsmount", Mount.NR_FSMOUNT);
    same("FSOPEN_CLOEXEC", Mount.FSOPEN_CLOEXEC);
    same("FSMOUNT_CLOEXEC", Mount.FSMOUNT_CLOEXEC);
    same("FSCONFIG_CMD_CREATE", Mount.FSCONFIG_CMD_CREATE);
    same("SYS_perf_event_open", PerfEvent.NR_PERF_EVENT_OPEN);
    same("SYS_pidfd_open", Pidfd.NR_PIDFD_OPEN);
    same("POSIX_SPAWN_SETPGROUP", SpawnHeader.POSIX_SPAWN_SETPGROUP);
    same("POSIX_SPAWN_SETSIGDEF", SpawnHeader.POSIX_SPAWN_SETSIGDEF);
    same("POSIX_SPAWN_SETSIGMASK", SpawnHeader.POSIX_SPAWN_SETSIGMASK);
    same("RLIMIT_NOFILE", Resource.RLIMIT_NOFILE);
    same("RLIMIT_MEMLOCK", Resource.RLIMIT_MEMLOCK);
    same("WUNTRACED", Wait.WUNTRACED);
    same("CLOCK_MONOTONIC", Time.CLOCK_MONOTONIC);
    same("CLOCK_THREAD_CPUTIME_ID", Time.CLOCK_THREAD_CPUTIME_ID);
    same("MAP_SHARED", Mman.MAP_SHARED);
    same("SIGSTOP", Signal.SIGSTOP);
    same("SIGCONT", Signal.SIGCONT);
  }

  @Test
  void structsOfTheCLibraryHaveTheCompilersSize() {
    same("sizeof(posix_spawnattr_t)", SpawnHeader.SPAWNATTR_BYTES);
    same("sizeof(posix_spawn_file_actions_t)", SpawnHeader.FILE_ACTIONS_BYTES);
    same("sizeof(sigset_t)", Signal.SIGSET_BYTES);
    same("sizeof(struct rlimit)", Resource.RLIMIT.byteSize());
    same("sizeof(struct timespec)", Time.TIMESPEC.byteSize());
    same("sizeof(struct pollfd)", Poll.POLLFD.byteSize());
    same("pollfd.events", Poll.EVENTS);
    same("pollfd.revents", Poll.REVENTS);
  }

  @Test
  void theRegistersOfAThreadAreLaidOutAsTheCompilerDoes() {
    same("sizeof(struct user_regs_struct)", UserRegisters.BYTES);
    for (UserRegisters.Name name : UserRegisters.Name.values()) {
      same("user_regs_struct." + name.name().toLowerCase(Locale.ROOT), name.offset());
    }
  }

  @Test
  void tracingAndWaitingUseTheHeadersNumbers() {
    same("PTRACE_PEEKTEXT", Ptrace.PEEKTEXT);
    same("PTRACE_POKETEXT", Ptrace.POKETEXT);
    same("PTRACE_CONT", Ptrace.CONT);
    same("PTRACE_SINGLESTEP", Ptrace.SINGLESTEP);
    same("PTRACE_GETREGS", Ptrace.GETREGS);
    same("PTRACE_SETREGS", Ptrace.SETREGS);
    same("PTRACE_DETACH", Ptrace.DETACH);
    same("PTRACE_SYSCALL", Ptrace.SYSCALL);
    same("PTRACE_SETOPTIONS", Ptrace.SETOPTIONS);
    same("PTRACE_GETEVENTMSG", Ptrace.GETEVENTMSG);
    same("PTRACE_GETSIGINFO", Ptrace.GETSIGINFO);
    same("PTRACE_GETREGSET", Ptrace.GETREGSET);
    same("PTRACE_SETREGSET", Ptrace.SETREGSET);
    same("PTRACE_SEIZE", Ptrace.SEIZE);
    same("PTRACE_INTERRUPT", Ptrace.INTERRUPT);
    same("PTRACE_LISTEN", Ptrace.LISTEN);
    same("PTRACE_GETSIGMASK", Ptrace.GETSIGMASK);
    same("PTRACE_SETSIGMASK", Ptrace.SETSIGMASK);
    same("PTRACE_GET_SYSCALL_INFO", Ptrace.GET_SYSCALL_INFO);
    same("PTRACE_GET_RSEQ_CONFIGURATION", Ptrace.GET_RSEQ_CONFIGURATION);
    same("PTRACE_O_TRACESYSGOOD", Ptrace.O_TRACESYSGOOD);
    same("PTRACE_EVENT_STOP", Ptrace.EVENT_STOP);
    same("sizeof(siginfo_t)", Ptrace.SIGINFO_BYTES);
    same("siginfo_t.si_code", Ptrace.SIGINFO_CODE);
    same("sizeof(struct ptrace_rseq_configuration)", Ptrace.RSEQ_CONFIGURATION_BYTES);
    same("sizeof(struct ptrace_syscall_info)", Ptrace.SYSCALL_INFO_BYTES);
    same("ptrace_syscall_info.entry.nr", Ptrace.SYSCALL_INFO_NUMBER);
    same("PTRACE_SYSCALL_INFO_ENTRY", Ptrace.SyscallStop.Kind.ENTRY.ordinal());
    same("PTRACE_SYSCALL_INFO_EXIT", Ptrace.SyscallStop.Kind.EXIT.ordinal());
    same("PTRACE_SYSCALL_INFO_SECCOMP", Ptrace.SyscallStop.Kind.SECCOMP.ordinal());
    same("NT_X86_XSTATE", Ptrace.NT_X86_XSTATE);
    same("SYS_ptrace", Ptrace.NR_PTRACE);
    same("siginfo_t.si_code", WaitId.SI_CODE);
    same("siginfo_t.si_pid", WaitId.SI_PID);
    same("siginfo_t.si_status", WaitId.SI_STATUS);
    same("WNOHANG", WaitId.WNOHANG);
    same("WSTOPPED", WaitId.WSTOPPED);
    same("WEXITED", WaitId.WEXITED);
    same("WNOWAIT", WaitId.WNOWAIT);
    same("__WALL", WaitId.ALL);
    same("P_PID", WaitId.P_PID);
    same("CLD_TRAPPED", WaitId.CLD_TRAPPED);
    same("CLD_STOPPED", WaitId.CLD_STOPPED);
    same("sizeof(struct iovec)", Uio.IOVEC_BYTES);
  }

  @Test
  void settingsOfTheKernelAreReadWhole() {
    // a reader that asks for one byte first gets "1" of 100000
    long most = Sysctl.number("kernel.pid_max").orElseThrow();
    assertThat(Programs.run("sysctl", "-n", "kernel.pid_max").strip()).isEqualTo("" + most);
    assertThat(Sysctl.number("kernel.no_such_setting")).isEmpty();
  }
}
