package dev.whatif.ebpf.object;

import java.util.List;
import java.util.Optional;

/**
 * A map to be created.
 *
 * <p>As written in C, with these of libbpf's rules applied: maps that hold maps, programs or files
 * have values of 4 bytes; kinds that take no BTF have type ids 0. Left to the loader because only
 * the kernel's machine knows: a perf event array without {@code maxEntries} has one per CPU; a ring
 * buffer's is rounded up to whole pages and a power of two.
 *
 * @param name of the variable, or of the section for global data ({@code .rodata})
 * @param type {@code BPF_MAP_TYPE_*}
 * @param keySize bytes
 * @param valueSize bytes
 * @param flags {@code BPF_F_*}
 * @param numaNode meaningful with BPF_F_NUMA_NODE
 * @param mapExtra {@code map_extra} of BPF_MAP_CREATE
 * @param btfKeyTypeId in the object's BTF, 0 for none
 * @param btfValueTypeId in the object's BTF (a DATASEC for global data), 0 for none
 * @param pinning whether it shall outlive its creator
 * @param inner for a map of maps: what they look like
 * @param slots elements to be set after creation
 * @param initialValue of global data: the only element; else empty. Not to be changed
 * @param readOnly to be frozen once the initial value is written
 */
public record MapDefinition(
    String name,
    int type,
    int keySize,
    int valueSize,
    int maxEntries,
    int flags,
    int numaNode,
    long mapExtra,
    int btfKeyTypeId,
    int btfValueTypeId,
    Pinning pinning,
    Optional<MapDefinition> inner,
    List<InitialSlot> slots,
    byte[] initialValue,
    boolean readOnly) {

  /** BPF_MAP_TYPE_ARRAY. */
  public static final int ARRAY = 2;

  /** BPF_F_RDONLY_PROG: programs only read it. */
  public static final int READ_ONLY_PROGRAM = 1 << 7;

  /** BPF_F_MMAPABLE: user space may map its values. */
  public static final int MMAPABLE = 1 << 10;

  /** An array of one element: a section of global data. */
  static MapDefinition data(
      String name, byte[] value, boolean readOnly, boolean mmapable, int typeId) {
    int flags = (readOnly ? READ_ONLY_PROGRAM : 0) | (mmapable ? MMAPABLE : 0);
    return new MapDefinition(
        name,
        ARRAY,
        Integer.BYTES,
        value.length,
        1,
        flags,
        0,
        0,
        0,
        typeId,
        Pinning.NONE,
        Optional.empty(),
        List.of(),
        value,
        readOnly);
  }

  /** Whether it is a section of global data. */
  public boolean isData() {
    return initialValue.length > 0;
  }

  /** The same with another initial value of the same length. */
  MapDefinition withInitialValue(byte[] value) {
    return new MapDefinition(
        name,
        type,
        keySize,
        valueSize,
        maxEntries,
        flags,
        numaNode,
        mapExtra,
        btfKeyTypeId,
        btfValueTypeId,
        pinning,
        inner,
        slots,
        value,
        readOnly);
  }

  /** The same with elements. */
  MapDefinition withSlots(List<InitialSlot> elements) {
    return new MapDefinition(
        name,
        type,
        keySize,
        valueSize,
        maxEntries,
        flags,
        numaNode,
        mapExtra,
        btfKeyTypeId,
        btfValueTypeId,
        pinning,
        inner,
        elements,
        initialValue,
        readOnly);
  }
}
