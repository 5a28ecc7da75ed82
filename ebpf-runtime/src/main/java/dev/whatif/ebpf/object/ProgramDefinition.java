package dev.whatif.ebpf.object;

import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.btf.LineInfo;
import java.util.List;

/**
 * A program, linked: the entry function first, every function that it reaches behind it, once each,
 * in the order of first use.
 *
 * @param name of the entry function
 * @param section where it was, such as {@code tp_btf/sched_switch}
 * @param kind what the section's name says about loading it
 * @param code slots of 8 bytes; not to be changed
 * @param references what a loader must fill in, in no order
 * @param parts the functions, the entry function first
 * @param functions types of the functions, ascending; offsets are bytes within {@code code} (the
 *     kernel counts slots here)
 * @param lines source lines, ascending; offsets are bytes within {@code code} (the kernel counts
 *     slots here)
 * @param relocations CO-RE relocations, not applied, ascending; offsets are bytes within {@code
 *     code} (the kernel, too, counts bytes here)
 */
public record ProgramDefinition(
    String name,
    String section,
    SectionKind kind,
    byte[] code,
    List<CodeReference> references,
    List<LinkedFunction> parts,
    List<FuncInfo> functions,
    List<LineInfo> lines,
    List<CoreRelocation> relocations) {

  /** Number of slots. */
  public int slots() {
    return code.length / 8;
  }
}
