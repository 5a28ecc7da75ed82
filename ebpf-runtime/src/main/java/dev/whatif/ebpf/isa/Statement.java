package dev.whatif.ebpf.isa;

/** The grammar of one instruction. */
interface Statement {

  /** A line up to its comment. */
  String withoutComment(String line);

  /** Reads one instruction and adds it to the source. */
  void read(AssemblyLine line);
}
