package dev.whatif.ebpf.btf;

/**
 * The type of the function that begins at an instruction (include/uapi/linux/bpf.h, {@code struct
 * bpf_func_info}).
 *
 * @param instructionOffset bytes: within the section, or within a program's code
 * @param typeId a FUNC
 */
public record FuncInfo(int instructionOffset, int typeId) implements CodeRecord<FuncInfo> {

  /** Bytes of a record in {@code .BTF.ext} and for the kernel. */
  public static final int BYTES = 8;

  @Override
  public FuncInfo at(int offset) {
    return new FuncInfo(offset, typeId);
  }
}
