package dev.whatif.ebpf.object;

import java.util.List;

/**
 * A variable of {@code .struct_ops} or {@code .struct_ops.link}: a table of functions for the
 * kernel, such as a {@code struct sched_ext_ops}.
 *
 * <p>Its layout is the object's; a loader copies it member by member, by name, into the kernel's.
 *
 * @param name of the variable
 * @param typeId the struct in the object's BTF
 * @param typeName its name: the kernel's value type is {@code bpf_struct_ops_} and this
 * @param initialValue bytes in the object's layout; members that are functions are 0
 * @param functions the members that are programs
 * @param link attached by a link (BPF_F_LINK) rather than by the update of the map
 * @param automatic whether to create it unasked: false for sections that begin with a question mark
 */
public record StructOpsDefinition(
    String name,
    int typeId,
    String typeName,
    byte[] initialValue,
    List<MemberFunction> functions,
    boolean link,
    boolean automatic) {

  /**
   * A member that is a program.
   *
   * @param member its name in the struct
   * @param memberIndex its index in the object's struct
   * @param program name of a program of the object
   */
  public record MemberFunction(String member, int memberIndex, String program) {}
}
