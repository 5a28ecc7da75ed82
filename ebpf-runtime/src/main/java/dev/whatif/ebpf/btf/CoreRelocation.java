package dev.whatif.ebpf.btf;

/**
 * A place in code that depends on the target's types (include/uapi/linux/bpf.h, {@code struct
 * bpf_core_relo}).
 *
 * @param instructionOffset bytes: within the section in {@link BtfExt}, within the program's code
 *     in a program definition
 * @param typeId the root type in the object's own BTF
 * @param access indices from the root, such as {@code 0:1:2}
 * @param kind what is asked
 * @param accessOffset where {@code access} lies among the object's strings: what the kernel is told
 */
public record CoreRelocation(
    int instructionOffset, int typeId, String access, CoreRelocationKind kind, int accessOffset)
    implements CodeRecord<CoreRelocation> {

  /** Bytes of a record in {@code .BTF.ext} and for the kernel. */
  public static final int BYTES = 16;

  /** A relocation that is not for the kernel. */
  public CoreRelocation(int instructionOffset, int typeId, String access, CoreRelocationKind kind) {
    this(instructionOffset, typeId, access, kind, 0);
  }

  @Override
  public CoreRelocation at(int offset) {
    return new CoreRelocation(offset, typeId, access, kind, accessOffset);
  }
}
