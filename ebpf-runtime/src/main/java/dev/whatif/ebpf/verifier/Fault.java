package dev.whatif.ebpf.verifier;

/** What is wrong with an instruction; {@link Exploration} adds where. */
final class Fault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * A finding.
   *
   * @param reason what the instruction does that it must not, in a C programmer's words
   * @param remedy what to change
   */
  Fault(String reason, String remedy) {
    super(reason, null, false, false);
    this.remedy = remedy;
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  String remedy() {
    return remedy;
  }
}
