package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfAttr;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfElementAttr;
import dev.whatif.ebpf.kernel.KernelMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/** A map of the kernel, whose errors are values as those of {@link BpfMap} are. */
record KernelSide(KernelMap map) {

  private int call(BpfCommand command, byte[] key, byte[] value, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment v =
          value.length == 0 ? MemorySegment.NULL : arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
      BpfAttr attr =
          new BpfElementAttr(
              arena,
              map.fd(),
              key.length == 0 ? MemorySegment.NULL : arena.allocateFrom(ValueLayout.JAVA_BYTE, key),
              v,
              flags);
      int result = Bpf.tryCall(command, attr);
      if (value.length != 0) {
        MemorySegment.copy(v, ValueLayout.JAVA_BYTE, 0, value, 0, value.length);
      }
      return result;
    }
  }

  Optional<byte[]> lookup(byte[] key) {
    byte[] value = new byte[map.elementBytes()];
    return call(BpfCommand.BPF_MAP_LOOKUP_ELEM, key, value, 0) == 0
        ? Optional.of(value)
        : Optional.empty();
  }

  int update(byte[] key, byte[] value, long flags) {
    return call(BpfCommand.BPF_MAP_UPDATE_ELEM, key, Arrays.copyOf(value, value.length), flags);
  }

  int delete(byte[] key) {
    return call(BpfCommand.BPF_MAP_DELETE_ELEM, key, new byte[0], 0);
  }

  Optional<byte[]> nextKey(byte[] key) {
    byte[] next = new byte[map.keyBytes()];
    return call(BpfCommand.BPF_MAP_GET_NEXT_KEY, key, next, 0) == 0
        ? Optional.of(next)
        : Optional.empty();
  }
}
