package dev.whatif.ebpf.isa;

/** Says how the target of a jump or a local call is written. */
@FunctionalInterface
interface Targets {

  /**
   * The text of a target.
   *
   * @param instruction one with a target
   * @param offset its offset as the dialect writes it
   */
  String text(Instruction instruction, String offset);
}
