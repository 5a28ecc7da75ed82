package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.Spawn;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Storage of threads is given by descriptors, and a thread can end while one holds its own. */
@Requires({Requirement.ROOT, Requirement.BPF, Requirement.LIBBPF, Requirement.GCC})
class EndedThreadTest {

  @Test
  void aThreadThatHasEndedIsSaidToHaveEnded() {
    BpfObject source =
        BpfObject.open(BpfSource.compiled("clang", "accounting", "-D__TARGET_ARCH_x86"));
    try (LoadedObject object =
        KernelLoader.load(source, LoadOptions.DEFAULT.with((String _) -> false))) {
      KernelMap threads = object.map("threads");
      Spawn program = Spawn.running(List.of("sleep", "60"), SpawnHeader.Files.INHERITED);
      int pidfd = Pidfd.open(program.pid());
      byte[] key = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(pidfd).array();
      try {
        threads.update(key, new byte[threads.valueBytes()]);
        assertThat(threads.lookup(key)).isPresent();
        program.stop(Duration.ZERO);
        assertThat(threads.lookup(key)).isEmpty();
        assertThatThrownBy(() -> threads.update(key, new byte[threads.valueBytes()]))
            .isInstanceOf(TargetLostException.class)
            .hasMessageContaining("the thread has ended");
      } finally {
        program.stop(Duration.ZERO);
        Unistd.close(pidfd);
      }
    }
  }
}
