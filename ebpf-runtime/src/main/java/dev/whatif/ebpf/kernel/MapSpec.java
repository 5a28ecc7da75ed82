package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfMapAttr;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** What a map shall be, filled by name. Used by one thread, until the map is made. */
public final class MapSpec {

  final String name;
  final MapType type;
  final int keyBytes;
  final int valueBytes;
  final int maxEntries;
  private int flags;
  private int numaNode;
  private long extra;
  private @Nullable KernelMap inner;
  private @Nullable KernelBtf btf;
  private int keyTypeId;
  private int valueTypeId;
  private int kernelValueTypeId;
  private @Nullable KernelBtf module;

  /**
   * The least that every map has.
   *
   * @param name the kernel keeps 15 characters of it
   * @param keyBytes 0 where the type has no keys (queues, rings, bloom filters, arenas)
   * @param valueBytes of one CPU
   * @param maxEntries bytes of a ring, a power of two of pages; pages of an arena
   */
  public MapSpec(String name, MapType type, int keyBytes, int valueBytes, int maxEntries) {
    this.name = name;
    this.type = type;
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
    this.maxEntries = maxEntries;
  }

  /** {@code BPF_F_...} of {@code map_flags}. */
  public MapSpec flags(int value) {
    flags = value;
    return this;
  }

  /** Where the memory shall lie; only with {@code BPF_F_NUMA_NODE}. */
  public MapSpec numaNode(int node) {
    numaNode = node;
    return this;
  }

  /** Hash functions of a bloom filter; address of an arena in user space. */
  public MapSpec extra(long value) {
    extra = value;
    return this;
  }

  /** A map like those that this one will hold. */
  public MapSpec inner(KernelMap template) {
    inner = template;
    return this;
  }

  /** Types of key and value, which local storage, timers, locks and bpftool's dumps need. */
  public MapSpec types(KernelBtf types, int keyType, int valueType) {
    btf = types;
    keyTypeId = keyType;
    valueTypeId = valueType;
    return this;
  }

  /**
   * The kernel's own type of the value of a struct_ops map.
   *
   * @param moduleBtf the module that has it; null is vmlinux
   */
  public MapSpec kernelValueType(int typeId, @Nullable KernelBtf moduleBtf) {
    kernelValueTypeId = typeId;
    module = moduleBtf;
    return this;
  }

  BpfMapAttr attr(Arena arena) {
    BpfMapAttr attr =
        new BpfMapAttr(arena)
            .type(type.number(), name)
            .sizes(keyBytes, valueBytes, maxEntries)
            .numaNode(numaNode)
            .extra(extra)
            .kernelValueType(kernelValueTypeId);
    int allFlags = flags;
    if (inner != null) {
      attr.inner(inner.fd());
    }
    if (btf != null) {
      attr.types(btf.fd(), keyTypeId, valueTypeId);
    }
    if (module != null) {
      attr.moduleBtf(module.fd());
      allFlags |= Bpf.BPF_F_VTYPE_BTF_OBJ_FD;
    }
    return attr.flags(allFlags);
  }
}
