package dev.whatif.ebpf.object;

/**
 * A symbol of an object file (System V ABI, chapter 4, "Symbol Table").
 *
 * @param index in the table
 * @param name its own, or its section's for the symbol that stands for a section
 * @param section index of the section it lies in: 0 for undefined, from 0xff00 on special
 * @param value offset in its section
 * @param size bytes
 */
record ObjectSymbol(
    int index, String name, int section, long value, long size, int info, int other) {

  private static final int STB_LOCAL = 0;
  private static final int STB_WEAK = 2;
  private static final int STT_FUNC = 2;
  private static final int STT_SECTION = 3;
  private static final int STV_INTERNAL = 1;
  private static final int STV_HIDDEN = 2;

  boolean isUndefined() {
    return section == 0;
  }

  boolean isFunction() {
    return (info & 0xf) == STT_FUNC;
  }

  boolean isSection() {
    return (info & 0xf) == STT_SECTION;
  }

  boolean isLocal() {
    return info >>> 4 == STB_LOCAL;
  }

  boolean isWeak() {
    return info >>> 4 == STB_WEAK;
  }

  /** Whether other objects cannot see it though it is global. */
  boolean isHidden() {
    int visibility = other & 3;
    return !isLocal() && (visibility == STV_HIDDEN || visibility == STV_INTERNAL);
  }
}
