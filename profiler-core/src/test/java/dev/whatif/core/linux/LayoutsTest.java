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
  void settingsOfTheKernelAreReadWhole() {
    // a reader that asks for one byte first gets "1" of 100000
    long most = Sysctl.number("kernel.pid_max").orElseThrow();
    assertThat(Programs.run("sysctl", "-n", "kernel.pid_max").strip()).isEqualTo("" + most);
    assertThat(Sysctl.number("kernel.no_such_setting")).isEmpty();
  }
}
