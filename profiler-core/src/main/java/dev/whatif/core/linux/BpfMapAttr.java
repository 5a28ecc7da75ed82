package dev.whatif.core.linux;

import java.lang.foreign.Arena;

/** What {@code BPF_MAP_CREATE} takes. */
public final class BpfMapAttr extends BpfAttr {

  static final int MAP_TYPE = 0;
  static final int KEY_SIZE = 4;
  static final int VALUE_SIZE = 8;
  static final int MAX_ENTRIES = 12;
  static final int MAP_FLAGS = 16;
  static final int INNER_MAP_FD = 20;
  static final int NUMA_NODE = 24;
  static final int MAP_NAME = 28;
  static final int MAP_IFINDEX = 44;
  static final int BTF_FD = 48;
  static final int BTF_KEY_TYPE_ID = 52;
  static final int BTF_VALUE_TYPE_ID = 56;
  static final int BTF_VMLINUX_VALUE_TYPE_ID = 60;
  static final int MAP_EXTRA = 64;
  static final int VALUE_TYPE_BTF_OBJ_FD = 72;
  static final int BYTES = 80;

  /** All zero. */
  public BpfMapAttr(Arena arena) {
    super(arena, BYTES);
  }

  /** Sets {@code map_type} and {@code map_name}. */
  public BpfMapAttr type(int number, String name) {
    set(MAP_TYPE, number);
    name(MAP_NAME, name);
    return this;
  }

  /** Sets {@code key_size}, {@code value_size} and {@code max_entries}. */
  public BpfMapAttr sizes(int keyBytes, int valueBytes, int entries) {
    set(KEY_SIZE, keyBytes);
    set(VALUE_SIZE, valueBytes);
    set(MAX_ENTRIES, entries);
    return this;
  }

  /** Sets {@code map_flags}. */
  public BpfMapAttr flags(int flags) {
    set(MAP_FLAGS, flags);
    return this;
  }

  /** Sets {@code inner_map_fd}: a map of the kind that this one will hold. */
  public BpfMapAttr inner(int fd) {
    set(INNER_MAP_FD, fd);
    return this;
  }

  /** Sets {@code numa_node}; only with {@code BPF_F_NUMA_NODE}. */
  public BpfMapAttr numaNode(int node) {
    set(NUMA_NODE, node);
    return this;
  }

  /** Sets {@code btf_fd} and the types of key and value in it. */
  public BpfMapAttr types(int btfFd, int keyType, int valueType) {
    set(BTF_FD, btfFd);
    set(BTF_KEY_TYPE_ID, keyType);
    set(BTF_VALUE_TYPE_ID, valueType);
    return this;
  }

  /** Sets {@code btf_vmlinux_value_type_id}: the kernel's own type of a struct_ops value. */
  public BpfMapAttr kernelValueType(int typeId) {
    set(BTF_VMLINUX_VALUE_TYPE_ID, typeId);
    return this;
  }

  /** Sets {@code value_type_btf_obj_fd}: the module's BTF that has the kernel's type. */
  public BpfMapAttr moduleBtf(int fd) {
    set(VALUE_TYPE_BTF_OBJ_FD, fd);
    return this;
  }

  /** Sets {@code map_extra}: hash functions of a bloom filter, address of an arena. */
  public BpfMapAttr extra(long value) {
    set(MAP_EXTRA, value);
    return this;
  }
}
