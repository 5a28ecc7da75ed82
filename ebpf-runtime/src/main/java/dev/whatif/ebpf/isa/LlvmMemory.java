package dev.whatif.ebpf.isa;

/** A place in memory as LLVM writes it: {@code (r1 - 0x8)}. */
record LlvmMemory(Register base, short offset) {

  /** Reads {@code (r1 + 8)}. */
  static LlvmMemory inParentheses(AssemblyLine line) {
    line.expect("(");
    LlvmMemory memory = bare(line);
    line.expect(")");
    return memory;
  }

  /** Reads {@code r1 + 8}; the offset may be left out. */
  static LlvmMemory bare(AssemblyLine line) {
    Register base = line.register("r");
    short offset = line.sees("+") || line.sees("-") ? line.signed16() : 0;
    return new LlvmMemory(base, offset);
  }

  /** Reads {@code (u32 *)} with that first letter. */
  static MemorySize type(AssemblyLine line, String letter) {
    line.expect("(");
    int column = line.column();
    String word = line.word().orElse("");
    for (MemorySize size : MemorySize.values()) {
      if (word.equals(letter + size.bits())) {
        line.expect("*");
        line.expect(")");
        return size;
      }
    }
    throw line.error(
        column,
        "there is no type '" + word + "' here",
        "there are %1$s8, %1$s16, %1$s32%2$s".formatted(letter, letter.equals("u") ? ", u64" : ""));
  }
}
