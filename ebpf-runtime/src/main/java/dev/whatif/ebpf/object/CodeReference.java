package dev.whatif.ebpf.object;

/**
 * An instruction that only a loader can finish. The slot already carries the pseudo source register
 * (include/uapi/linux/bpf.h, {@code BPF_PSEUDO_*}); what is left to fill in is said at each case.
 */
public sealed interface CodeReference {

  /** Index of the (first) slot in the program's code. */
  int slot();

  /** The same at another slot. */
  CodeReference at(int slot);

  /** The address of a map: imm becomes its file descriptor (BPF_PSEUDO_MAP_FD). */
  record MapAddress(int slot, String map) implements CodeReference {
    @Override
    public MapAddress at(int slot) {
      return new MapAddress(slot, map);
    }
  }

  /**
   * A byte of the only value of an array map, such as a global variable (BPF_PSEUDO_MAP_VALUE): imm
   * becomes the map's file descriptor; the second slot's imm holds {@code offset} already.
   */
  record MapValue(int slot, String map, int offset) implements CodeReference {
    @Override
    public MapValue at(int slot) {
      return new MapValue(slot, map, offset);
    }
  }

  /**
   * A call of a kernel function (BPF_PSEUDO_KFUNC_CALL): imm becomes its FUNC id in the kernel's
   * BTF, offset an index in the array of BTF file descriptors (0 for vmlinux).
   *
   * @param name as in C, perhaps with a flavour ({@code f___v2})
   * @param weak when the kernel lacks it, the program still loads and never gets there: libbpf
   *     makes it the call of a helper that does not exist (2,002,000,000 and up)
   * @param typeId FUNC in the object's own BTF
   */
  record KernelFunction(int slot, String name, boolean weak, int typeId) implements CodeReference {
    @Override
    public KernelFunction at(int slot) {
      return new KernelFunction(slot, name, weak, typeId);
    }

    /** Its name in the kernel. */
    public String kernelName() {
      return unflavoured(name);
    }
  }

  /**
   * The address of a kernel variable. Typed (BPF_PSEUDO_BTF_ID): imm becomes its VAR id in the
   * kernel's BTF, the second slot's imm the BTF's file descriptor (0 for vmlinux). Typeless ({@code
   * extern const void x __ksym}): both imm become the address from /proc/kallsyms. A weak one that
   * does not exist has address 0 (source register 0).
   */
  record KernelVariable(int slot, String name, boolean weak, boolean typed, int typeId)
      implements CodeReference {
    @Override
    public KernelVariable at(int slot) {
      return new KernelVariable(slot, name, weak, typed, typeId);
    }

    /** Its name in the kernel. */
    public String kernelName() {
      return unflavoured(name);
    }
  }

  private static String unflavoured(String name) {
    int at = name.indexOf("___");
    return at > 0 ? name.substring(0, at) : name;
  }
}
