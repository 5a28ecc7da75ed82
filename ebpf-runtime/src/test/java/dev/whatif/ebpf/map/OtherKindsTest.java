package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.CpuList;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps whose elements cannot be set as bytes: what the kernel refuses, and how. */
@Requires({Requirement.ROOT, Requirement.BPF})
class OtherKindsTest {

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROG_ARRAY", "PERF_EVENT_ARRAY", "STACK_TRACE"})
  void anEmptyMapRefusesTheSame(MapKind kind) {
    int valueSize = kind == MapKind.STACK_TRACE ? 80 : 4;
    int entries = kind == MapKind.PERF_EVENT_ARRAY ? CpuList.possible().length : 5;
    try (KernelMap kernelMap =
            KernelMap.create(
                new MapSpec("empty", MapType.valueOf(kind.name()), 4, valueSize, entries));
        BpfMap map =
            BpfMap.create(
                Definitions.of(kind, 4, valueSize, entries), new MapOptions(entries, 0, 4096))) {
      KernelSide kernel = new KernelSide(kernelMap);
      // no descriptor, and no program's number
      byte[] value = new byte[valueSize];
      for (int index : new int[] {0, 1, 4, 5, 7, 8, 1000, -1}) {
        byte[] key = bytes(index);
        if (kind == MapKind.STACK_TRACE || index >= entries || index < 0) {
          for (long flags : new long[] {0, 1, 2, 8}) {
            assertThat(map.update(key, value, flags))
                .as("update %d, flags %d", index, flags)
                .isEqualTo(kernel.update(key, value, flags));
          }
        }
        assertThat(map.delete(key)).as("delete %d", index).isEqualTo(kernel.delete(key));
        assertThat(map.lookup(key).isPresent()).isEqualTo(kernel.lookup(key).isPresent());
        assertThat(map.nextKey(key).map(Programs::hex))
            .as("next of %d", index)
            .isEqualTo(kernel.nextKey(key).map(Programs::hex));
      }
    }
  }
}
