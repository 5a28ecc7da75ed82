package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.RingBuffer;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same operations on a ring here and on one in the kernel: results, positions, records. */
@Requires({Requirement.ROOT, Requirement.BPF, Requirement.LIBBPF})
class RingAgainstKernelTest {

  private static final int[] DISCARDS = {1, 64, 4000};

  @Test
  void theKernelSaysTheSame() {
    try (LoadedObject object =
            KernelLoader.load(
                BpfObject.open(BpfSource.compiled("clang", "ring_steps")), LoadOptions.DEFAULT);
        RingBuffer kernelReader = RingBuffer.open(object.map("ring"));
        RingMap ring =
            (RingMap)
                BpfMap.create(
                    Definitions.of(MapKind.RINGBUF, 0, 0, 4096), new MapOptions(2, 0, 0));
        Arena arena = Arena.ofConfined()) {
      RingReader reader = RingReader.of(ring, slot -> true);
      long data = arena.allocate(8192, 8).address();
      Random random = new Random(42);
      List<Integer> theirs = new ArrayList<>();
      List<Integer> ours = new ArrayList<>();
      for (int i = 0; i < 4000; i++) {
        int operation = random.nextInt(5);
        switch (operation) {
          case 0, 1 -> {
            int length = random.nextInt(random.nextInt(8) == 0 ? 8192 : 400);
            int flags = random.nextInt(10) == 0 ? 4 : random.nextInt(3);
            assertThat(ring.output(data, length, flags, 1))
                .as("output %d, flags %d", length, flags)
                .isEqualTo(kernel(object, 0, length, flags));
          }
          case 2 -> {
            int which = random.nextInt(3);
            long sample = ring.reserve(DISCARDS[which], 0, 1);
            if (sample != 0) {
              ring.discard(sample);
            }
            assertThat(sample != 0 ? 1 : 0).isEqualTo(kernel(object, 2, which, 0));
          }
          case 3 -> {
            kernelReader.read((memory, at, length) -> theirs.add(length));
            reader.read((memory, at, length) -> ours.add(length));
            assertThat(ours).isEqualTo(theirs);
            ours.clear();
            theirs.clear();
          }
          default -> {
            int what = random.nextInt(5);
            assertThat((int) ring.query(what)).isEqualTo(kernel(object, 1, what, 0));
          }
        }
      }
      assertThat(reader.discarded()).isEqualTo(kernelReader.discarded()).isPositive();
      assertThat(reader.dropped()).isPositive();
    }
  }

  private static int kernel(LoadedObject object, long operation, long number, long flags) {
    byte[] arguments =
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(operation)
            .putLong(number)
            .putLong(flags)
            .array();
    return object.program("step").testRun(new TestInput().context(arguments)).returned();
  }
}
