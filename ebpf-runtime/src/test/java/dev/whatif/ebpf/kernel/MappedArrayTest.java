package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Requires({Requirement.ROOT, Requirement.BPF})
class MappedArrayTest {

  private static final int VALUE_BYTES = 20;

  private final KernelMap map =
      KernelMap.create(
          new MapSpec("mapped", MapType.ARRAY, 4, VALUE_BYTES, 1000).flags(Bpf.BPF_F_MMAPABLE));

  @AfterEach
  void close() {
    map.close();
  }

  private static byte[] key(int index) {
    return new byte[] {(byte) index, (byte) (index >> 8), 0, 0};
  }

  @Test
  void whatTheKernelReadsIsWhatWasPut() {
    try (MappedArray array = MappedArray.of(map)) {
      for (int i = 0; i < array.count(); i += 111) {
        array.putLong(i, 0, i * 3L);
        array.putLongRelease(i, 8, -i);
        array.putInt(i, 16, i);
        array.addLong(i, 0, 1);
        MemorySegment value = MemorySegment.ofArray(map.lookup(key(i)).orElseThrow());
        assertThat(value.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(i * 3L + 1);
        assertThat(value.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(-i);
        assertThat(value.get(ValueLayout.JAVA_INT_UNALIGNED, 16)).isEqualTo(i);
      }
    }
  }

  @Test
  void whatTheKernelPutsIsRead() {
    try (MappedArray array = MappedArray.readOnly(map)) {
      byte[] value = new byte[VALUE_BYTES];
      for (int i = 0; i < VALUE_BYTES; i++) {
        value[i] = (byte) (i + 1);
      }
      map.update(key(999), value);
      assertThat(array.getLong(999, 0)).isEqualTo(0x0807060504030201L);
      assertThat(array.getLongAcquire(999, 8)).isEqualTo(0x100f0e0d0c0b0a09L);
      assertThat(array.getInt(999, 16)).isEqualTo(array.getIntAcquire(999, 16));
      assertThat(array.getByte(999, 19)).isEqualTo((byte) 20);
      assertThat(array.value(999).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(value);
    }
  }

  @Test
  void placesOutsideAreRefused() {
    MappedArray array = MappedArray.of(map);
    assertThatThrownBy(() -> array.getLong(1000, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> array.getLong(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> array.getLong(0, 16)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> array.putInt(0, 20, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> array.getLong(0, 4)).isInstanceOf(IllegalArgumentException.class);
    array.close();
    array.close();
    assertThatThrownBy(() -> array.getLong(0, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReadOnlyArrayIsNotWritten() {
    try (MappedArray array = MappedArray.readOnly(map)) {
      assertThatThrownBy(() -> array.putLong(0, 0, 1)).isInstanceOf(RuntimeException.class);
      assertThat(array.getLong(0, 0)).isZero();
    }
  }

  @Test
  void aFrozenMapCanOnlyBeRead() {
    map.freeze();
    assertThatThrownBy(() -> MappedArray.of(map).close()).isInstanceOf(UnavailableException.class);
    try (MappedArray array = MappedArray.readOnly(map)) {
      assertThat(array.getLong(0, 0)).isZero();
    }
  }

  @Test
  void onlyMmapableArraysAreMapped() {
    try (KernelMap hash = KernelMap.create(new MapSpec("hash", MapType.HASH, 4, 8, 1));
        KernelMap plain = KernelMap.create(new MapSpec("plain", MapType.ARRAY, 4, 8, 1))) {
      assertThatThrownBy(() -> MappedArray.of(hash)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> MappedArray.of(plain))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("BPF_F_MMAPABLE");
    }
  }
}
