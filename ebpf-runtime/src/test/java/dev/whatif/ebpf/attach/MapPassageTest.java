package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.RandomAccessFile;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.ROOT, Requirement.BPF})
class MapPassageTest {

  private static final byte[] KEY = {3, 0, 0, 0};
  private static final byte[] VALUE = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] OTHER = {8, 7, 6, 5, 4, 3, 2, 1};

  private static KernelMap map(int flags) {
    return KernelMap.create(new MapSpec("whatif_test", MapType.ARRAY, 4, 8, 1024).flags(flags));
  }

  @Test
  void theTargetSeesWhatTheKernelWritesAndTheOtherWayRound() throws Exception {
    try (EnteredProgram target = EnteredProgram.threads(1, 1, 1, 0);
        KernelMap map = map(ControllerMain.MMAPABLE)) {
      String before = target.appearance();
      try (Injector injector = Injector.enter(target.pid());
          RandomAccessFile memory = new RandomAccessFile("/proc/" + target.pid() + "/mem", "rw")) {
        String entered = target.appearance();
        TargetMap passed = injector.passMap(map.fd(), 8192);
        map.update(KEY, VALUE);
        byte[] seen = new byte[8];
        memory.seek(passed.address() + 3 * 8);
        memory.readFully(seen);
        assertThat(seen).isEqualTo(VALUE);
        memory.seek(passed.address() + 3 * 8);
        memory.write(OTHER);
        assertThat(map.lookup(KEY)).contains(OTHER);
        assertThat(target.appearance()).contains("bpf-map");
        passed.close();
        assertThat(target.appearance()).isEqualTo(entered);
        injector.passMap(map.fd(), 4096); // left to close()
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void aMapThatCannotBeMappedIsRefused() {
    try (EnteredProgram target = EnteredProgram.threads(0, 0, 0, 0);
        KernelMap map = map(0);
        Injector injector = Injector.enter(target.pid())) {
      String entered = target.appearance();
      assertThatThrownBy(() -> injector.passMap(map.fd(), 8192))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("does not map");
      assertThat(target.appearance()).isEqualTo(entered);
    }
  }
}
