package dev.whatif.ebpf.relocation;

/**
 * Names without their flavour: {@code task_struct___old} and {@code task_struct} are versions of
 * one type.
 *
 * <p>A flavour begins at the last three underscores that have another character on both sides, so
 * that {@code ___GFP_DMA} and {@code a____b} have none (libbpf's relo_core.c).
 */
final class EssentialName {

  /** What separates a flavour from the name it belongs to. */
  static final String SEPARATOR = "___";

  private EssentialName() {}

  /** The name up to its flavour; the whole name when it has none. */
  static String of(String name) {
    for (int at = name.lastIndexOf(SEPARATOR); at > 0; at = name.lastIndexOf(SEPARATOR, at - 1)) {
      int after = at + SEPARATOR.length();
      if (after < name.length() && name.charAt(at - 1) != '_' && name.charAt(after) != '_') {
        return name.substring(0, at);
      }
    }
    return name;
  }

  /** Whether two names mean the same thing in different versions. */
  static boolean same(String one, String other) {
    return of(one).equals(of(other));
  }
}
