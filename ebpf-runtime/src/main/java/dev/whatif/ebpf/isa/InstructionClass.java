package dev.whatif.ebpf.isa;

import java.util.List;

/** The lowest three bits of an opcode (RFC 9669 section 3.1). */
enum InstructionClass {
  LD,
  LDX,
  ST,
  STX,
  ALU,
  JMP,
  JMP32,
  ALU64;

  private static final List<InstructionClass> ALL = List.of(values());

  int code() {
    return ordinal();
  }

  static InstructionClass of(int opcode) {
    return ALL.get(opcode & 7);
  }
}
