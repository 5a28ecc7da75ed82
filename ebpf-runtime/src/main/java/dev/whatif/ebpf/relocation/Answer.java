package dev.whatif.ebpf.relocation;

/**
 * What a relocation asks, answered by the object's own types and by those of the target.
 *
 * @param local what the instruction should hold before
 * @param target what it must hold afterwards; meaningless when {@code missing}
 * @param missing whether the target has nothing to answer with
 * @param validate whether the instruction must hold {@code local}; compilers differ on bit fields,
 *     and linkers renumber types
 * @param localWidth bytes of the field where a load or store accesses it, else 0
 * @param targetWidth bytes of the field in the target, likewise
 * @param incompatibleWidth whether the widths differ and zero extension cannot make up for it
 */
record Answer(
    long local,
    long target,
    boolean missing,
    boolean validate,
    long localWidth,
    long targetWidth,
    boolean incompatibleWidth) {

  /** An answer without widths. */
  static Answer of(long local, long target, boolean validate) {
    return new Answer(local, target, false, validate, 0, 0, false);
  }

  /** Nothing in the target answers. */
  static Answer missing(long local) {
    return new Answer(local, 0, true, false, 0, 0, false);
  }
}
