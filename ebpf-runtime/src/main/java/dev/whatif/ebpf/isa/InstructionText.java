package dev.whatif.ebpf.isa;

/** Writes one instruction in one dialect. */
interface InstructionText {

  /** The text of an instruction. */
  String text(Instruction instruction, Targets targets);
}
