package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.BpfMapInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the kernel says about a map.
 *
 * @param id as bpftool shows it
 * @param name at most 15 characters
 * @param valueBytes of one CPU
 * @param flags as given when made
 * @param btfId the types it was made with; 0 is none
 */
public record MapInfo(
    int id,
    MapType type,
    String name,
    int keyBytes,
    int valueBytes,
    int maxEntries,
    int flags,
    long extra,
    int btfId,
    int keyTypeId,
    int valueTypeId) {

  static MapInfo of(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = Ids.info(arena, fd, BpfMapInfo.LAYOUT.byteSize());
      String name = info.getString(BpfMapInfo.NAME);
      return new MapInfo(
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.ID),
          MapType.of(info.get(ValueLayout.JAVA_INT, BpfMapInfo.TYPE), name),
          name,
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.KEY_SIZE),
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.VALUE_SIZE),
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.MAX_ENTRIES),
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.MAP_FLAGS),
          info.get(ValueLayout.JAVA_LONG, BpfMapInfo.MAP_EXTRA),
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.BTF_ID),
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.BTF_KEY_TYPE_ID),
          info.get(ValueLayout.JAVA_INT, BpfMapInfo.BTF_VALUE_TYPE_ID));
    }
  }

  static KernelMap open(int fd) {
    Descriptor owner = new Descriptor("map", fd);
    try {
      return KernelMap.of(fd, of(fd));
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }
}
