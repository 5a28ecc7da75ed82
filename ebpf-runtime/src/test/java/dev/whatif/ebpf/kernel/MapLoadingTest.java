package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.Pinning;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requires({Requirement.ROOT, Requirement.BPF})
class MapLoadingTest {

  static MapDefinition hash(String name, int type, int valueBytes, Pinning pinning) {
    return new MapDefinition(
        name,
        type,
        4,
        valueBytes,
        8,
        0,
        0,
        0,
        0,
        0,
        pinning,
        Optional.empty(),
        List.of(),
        new byte[0],
        false);
  }

  @Test
  void aTypeThatNobodyKnowsIsNamed() {
    MapLoading loading = new MapLoading(null, Path.of("/none"));
    assertThatThrownBy(() -> loading.load(hash("odd", 200, 8, Pinning.NONE)).close())
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("map 'odd' is of type 200");
  }

  @Test
  void aNameThatLeadsElsewhereIsNotPinned() {
    MapLoading loading = new MapLoading(null, Path.of("/none"));
    assertThatThrownBy(() -> loading.load(hash("../odd", 1, 8, Pinning.BY_NAME)).close())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("'../odd' cannot be pinned");
  }

  @Test
  void aFolderThatIsNoBpfFileSystemIsSaidToBeNone(@TempDir Path folder) {
    MapLoading loading = new MapLoading(null, folder);
    long before = KernelObjects.openDescriptors();
    assertThatThrownBy(() -> loading.load(hash("kept", 1, 8, Pinning.BY_NAME)).close())
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("kept: that is no folder of a BPF file system");
    assertThat(KernelObjects.openDescriptors()).isEqualTo(before);
  }

  /** In a mount namespace of its own, which ends with what was pinned there. */
  @Test
  void aPinnedMapIsFoundAgainUnlessItIsAnother(@TempDir Path folder) {
    String script =
        "mount --make-rprivate / && mount -t bpf bpf %s && exec \"$@\"".formatted(folder);
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, "sh"));
    command.addAll(OtherJvm.command(PinnedMaps.class, folder.toString()));
    assertThat(Programs.run(command.toArray(String[]::new)).lines())
        .containsExactly(
            "found 7",
            "other size: %s/kept is HASH with 4:8 bytes, 8 entries and flags 0x0; "
                    .formatted(folder)
                + "the object wants HASH, 4:16, 8, 0x0",
            "program: %s/program is no map: something else is pinned there".formatted(folder));
  }

  /** tools/lib/bpf/libbpf.c, adjust_ringbuf_sz. */
  @Test
  void aRingIsRoundedUpAsLibbpfDoes() {
    int page = Unistd.getpagesize();
    assertThat(MapLoading.ringBytes(0)).isZero();
    assertThat(MapLoading.ringBytes(1)).isEqualTo(page);
    assertThat(MapLoading.ringBytes(page)).isEqualTo(page);
    assertThat(MapLoading.ringBytes(page + 1)).isEqualTo(2 * page);
    assertThat(MapLoading.ringBytes(3 * page)).isEqualTo(4 * page);
    assertThat(MapLoading.ringBytes((1 << 30) + 1)).isEqualTo(1 << 31);
    assertThat(MapLoading.ringBytes(1 << 31)).isEqualTo(1 << 31);
    assertThat(MapLoading.ringBytes((1 << 31) + 1)).isEqualTo((1 << 31) + 1);
  }

  @Test
  void bigValuesAreReadFewAtATime() {
    MapSpec spec = new MapSpec("big", MapType.HASH, 4, 1 << 20, 64).flags(1 /* NO_PREALLOC */);
    try (KernelMap map = KernelMap.create(spec)) {
      assertThat(MapEntries.room(map)).isEqualTo(3);
      for (byte i = 0; i < 5; i++) {
        map.update(new byte[] {i, 0, 0, 0}, new byte[1 << 20]);
      }
      assertThat(MapEntries.of(map)).hasSize(5);
    }
  }

  @Test
  void typesTooBigForTheKernelAreSaidToBeSo() {
    assertThatThrownBy(() -> KernelBtf.load("big.o", new byte[(16 << 20) + 1]).close())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("big.o: .BTF: 0x1000001 bytes of types");
  }
}
