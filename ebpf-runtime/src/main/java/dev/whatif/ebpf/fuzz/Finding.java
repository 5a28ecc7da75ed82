package dev.whatif.ebpf.fuzz;

/**
 * A difference between engines, or a verifier.
 *
 * @param seed of the program
 * @param kind what differs
 * @param reason what each says
 */
public record Finding(long seed, Kind kind, String reason) {

  /** What differs. */
  public enum Kind {
    /** Accepted here and refused by the kernel: harm may be done. */
    ACCEPTED_HERE_ONLY(true),
    /** Refused here and accepted by the kernel: nothing but a nuisance. */
    REFUSED_HERE_ONLY(false),
    /** A verified program did what none does. */
    FAULT(true),
    /** Two engines do not do the same. */
    RESULT(true),
    /** A part has failed with an exception that is none of its own. */
    FAILURE(true);

    private final boolean defect;

    Kind(boolean defect) {
      this.defect = defect;
    }

    /** Whether it is one for certain. */
    public boolean isDefect() {
      return defect;
    }
  }
}
