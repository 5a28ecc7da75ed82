package dev.whatif.ebpf.verifier;

/** What a register, or eight bytes of stack that a register was saved to, holds. Immutable. */
sealed interface RegisterState {

  /** Nobody wrote it, or a call may have changed it. */
  enum Unwritten implements RegisterState {
    UNWRITTEN;

    @Override
    public String text() {
      return "never written";
    }
  }

  /**
   * A number.
   *
   * @param id what registers with the same number have in common, so that what a branch tells of
   *     one is known of all; 0 for none
   * @param delta what this is more than the number that the id stands for
   * @param demand whether anything depended on its range
   */
  record Scalar(ScalarRange range, int id, int delta, Demand demand) implements RegisterState {

    Scalar(ScalarRange range, Demand demand) {
      this(range, 0, 0, demand);
    }

    static Scalar constant(long value) {
      return new Scalar(ScalarRange.constant(value), new Demand());
    }

    /** Any number of a range, from nowhere. */
    static Scalar of(ScalarRange range) {
      return new Scalar(range, new Demand());
    }

    static Scalar unknown() {
      return of(ScalarRange.UNKNOWN);
    }

    Scalar withId(int newId) {
      return new Scalar(range, newId, 0, demand);
    }

    @Override
    public String text() {
      return range.isConstant() ? range.text() : "a number, " + range.text();
    }
  }

  /**
   * An address: {@code to + offset + variable}.
   *
   * @param offset what is known of the distance from the beginning
   * @param variable what is not, or 0
   * @param id what copies of a pointer have in common, so that a comparison with NULL or with the
   *     packet's end tells of all
   * @param reach for packets: bytes behind {@code to + variable} that a comparison has proven
   * @param nullable whether it may be NULL
   */
  record Pointer(
      Provenance to, int offset, ScalarRange variable, int id, int reach, boolean nullable)
      implements RegisterState {

    static Pointer at(Provenance to, int offset) {
      return new Pointer(to, offset, ScalarRange.ZERO, 0, 0, false);
    }

    static Pointer at(Provenance to, int offset, int id, boolean nullable) {
      return new Pointer(to, offset, ScalarRange.ZERO, id, 0, nullable);
    }

    boolean isFixed() {
      return variable.isConstant();
    }

    /** The distance, when it is fixed. */
    long fixedOffset() {
      return offset + variable.value();
    }

    Pointer notNull() {
      return new Pointer(to, offset, variable, 0, reach, false);
    }

    Pointer reaching(int bytes) {
      return new Pointer(to, offset, variable, id, bytes, nullable);
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder("pointer to ").append(to.text());
      if (isFixed()) {
        long at = fixedOffset();
        text.append(at == 0 ? "" : at > 0 ? " + " + at : " - " + -at);
      } else {
        text.append(offset == 0 ? "" : offset > 0 ? " + " + offset : " - " + -offset);
        text.append(" + (").append(variable.text()).append(')');
      }
      if (reach > 0) {
        text.append(", ").append(reach).append(" bytes proven");
      }
      return text.append(nullable ? ", or NULL" : "").toString();
    }
  }

  /** In a C programmer's words. */
  String text();
}
