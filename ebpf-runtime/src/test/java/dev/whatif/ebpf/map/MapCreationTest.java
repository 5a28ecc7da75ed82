package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfMapAttr;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which maps can be made. */
class MapCreationTest {

  private static final List<Integer> SIZES =
      List.of(0, 1, 4, 7, 8, 12, 1016, 1024, 4 << 20, 1 << 31, -1);
  private static final List<Integer> FLAGS =
      List.of(0, 1, 2, 3, 1 << 5, 1 << 7, 1 << 10, 1 << 11, 1 << 12, 1 << 20);

  private static int inKernel(MapKind kind, int key, int value, int entries, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          Bpf.tryCall(
              BpfCommand.BPF_MAP_CREATE,
              new BpfMapAttr(arena)
                  .type(kind.number(), "tried")
                  .sizes(key, value, entries)
                  .flags(flags));
      if (fd >= 0) {
        Unistd.close(fd);
      }
      return Math.min(fd, 0);
    }
  }

  private static int here(MapKind kind, int key, int value, int entries, int flags) {
    MapShape shape = new MapShape(kind, key, value, entries, flags, 2, 4096);
    return MapRules.refusal(shape).map(r -> -r.errno().value()).orElse(0);
  }

  /** Stack traces with {@code BPF_F_STACK_BUILD_ID} need what only the kernel has. */
  @ParameterizedTest
  @EnumSource
  @Requires({Requirement.ROOT, Requirement.BPF})
  void theKernelRefusesTheSame(MapKind kind) {
    for (int key : SIZES) {
      for (int value : SIZES) {
        for (int entries : List.of(0, 1, 4096, 8192, 5000)) {
          for (int flags : FLAGS) {
            if (Integer.toUnsignedLong(value) * entries > 16 << 20 && value > 0
                || kind == MapKind.STACK_TRACE && flags == 1 << 5) {
              continue; // the kernel would have to make it
            }
            assertThat(here(kind, key, value, entries, flags))
                .as(
                    "%s, key %d, value %d, %d entries, flags 0x%x",
                    kind, key, value, entries, flags)
                .isEqualTo(inKernel(kind, key, value, entries, flags));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void kindsThatAreOnlyTheKernelsAreNamed(MapType type) {
    if (MapKind.of(type.number()).isPresent()) {
      return;
    }
    assertThatThrownBy(() -> BpfMap.create(Definitions.of(type.number(), 4, 4, 1, 0)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("'tested' is of type " + type.number());
  }

  @Test
  void whatIsTooLargeLeavesNothingBehind() throws Exception {
    long before = descriptors();
    for (int[] sizes :
        new int[][] {
          {MapKind.ARRAY.number(), 4, Integer.MAX_VALUE, -1},
          {MapKind.ARRAY.number(), 4, 1 << 20, 1 << 30},
          {MapKind.PERCPU_ARRAY.number(), 4, 32 << 10, -1},
          {MapKind.HASH.number(), 4 << 20, 8, 1},
          {MapKind.HASH.number(), 512, 3 << 20, 1 << 28},
          {MapKind.HASH.number(), 4, 4, -1},
          {MapKind.STACK_TRACE.number(), 4, 1016, -1},
          {MapKind.RINGBUF.number(), 0, 0, 1 << 30},
        }) {
      assertThatThrownBy(
              () -> BpfMap.create(Definitions.of(sizes[0], sizes[1], sizes[2], sizes[3], 0)))
          .as(Arrays.toString(sizes))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("tested");
    }
    assertThat(descriptors()).isEqualTo(before);
  }

  private static long descriptors() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  @Test
  void aRingHasTheNextPowerOfTwoOfPages() {
    try (BpfMap map = BpfMap.create(Definitions.of(MapKind.RINGBUF, 0, 0, 5000))) {
      assertThat(((RingMap) map).query(1)).isEqualTo(8192);
    }
  }
}
