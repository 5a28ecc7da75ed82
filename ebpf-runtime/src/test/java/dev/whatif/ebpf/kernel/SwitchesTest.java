package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What programs count is what the kernel counts itself. */
@Requires({Requirement.ROOT, Requirement.BPF, Requirement.KERNEL_BTF})
class SwitchesTest {

  private static final Path THREAD = Path.of("/proc/thread-self");

  /** The scheduler's own count of this thread, {@code voluntary} and not. */
  private static long switches() throws IOException {
    return Files.readString(THREAD.resolve("status"))
        .lines()
        .filter(l -> l.contains("_ctxt_switches:"))
        .mapToLong(l -> Long.parseLong(l.substring(l.indexOf(':') + 1).strip()))
        .sum();
  }

  private static Map<String, Long> counted(BpfObject object, LoadedObject loaded) {
    ByteBuffer data =
        ByteBuffer.wrap(loaded.map(".bss").lookup(new byte[4]).orElseThrow())
            .order(ByteOrder.LITTLE_ENDIAN);
    return object.globals().stream()
        .filter(g -> g.section().equals(".bss"))
        .collect(Collectors.toMap(g -> g.name(), g -> data.getLong(g.offset())));
  }

  @Test
  void threeKindsOfTracepointProgramsCountTheSwitchesThatProcTells() throws Exception {
    int tid = Integer.parseInt(Files.readSymbolicLink(THREAD).getFileName().toString());
    BpfObject object = KernelObjects.object("switches").withGlobal("watched", tid);
    try (LoadedObject loaded = KernelLoader.load(object, LoadOptions.DEFAULT)) {
      assertThat(loaded.attachAll()).containsOnlyKeys("by_type", "by_name", "by_number");
      long before = switches();
      Map<String, Long> first = counted(object, loaded);
      for (int i = 0; i < 200; i++) {
        Thread.sleep(Duration.ofMillis(1));
      }
      Map<String, Long> last = counted(object, loaded);
      long told = switches() - before;
      assertThat(told).isGreaterThanOrEqualTo(200);
      assertThat(first).containsOnlyKeys("typed", "raw", "plain");
      // the thread may be switched away while it reads
      assertThat(last)
          .allSatisfy((name, count) ->
              assertThat(count - first.get(name)).as(name).isBetween(told - 20, told));
    }
  }
}
