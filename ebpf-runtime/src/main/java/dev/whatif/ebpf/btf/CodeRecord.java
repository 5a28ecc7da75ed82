package dev.whatif.ebpf.btf;

/**
 * Something that {@code .BTF.ext} knows about one instruction.
 *
 * @param <T> the record itself
 */
public sealed interface CodeRecord<T extends CodeRecord<T>>
    permits FuncInfo, LineInfo, CoreRelocation {

  /** Bytes: within the section in {@link BtfExt}, within the code of a linked program elsewhere. */
  int instructionOffset();

  /** The same about an instruction somewhere else. */
  T at(int instructionOffset);

  /** Index of the slot that it is about. */
  default int slot() {
    return instructionOffset() / 8;
  }
}
