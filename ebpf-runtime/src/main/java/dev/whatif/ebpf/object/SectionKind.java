package dev.whatif.ebpf.object;

import dev.whatif.core.failure.BadDataException;
import java.util.Optional;

/**
 * What a code section's name says about its programs (libbpf, {@code section_defs} in
 * tools/lib/bpf/libbpf.c; kernel, Documentation/bpf/libbpf/program_types.rst).
 *
 * @param pattern the entry of libbpf's table; {@code +} at its end takes a target behind a slash
 * @param type what to load it as
 * @param attachType the expected attach type, where the table names one
 * @param sleepable load with BPF_F_SLEEPABLE
 * @param byBtf its target is found in the kernel's BTF
 * @param fragments load with BPF_F_XDP_HAS_FRAGS
 * @param target the text behind the first slash that the pattern leaves open, else empty
 * @param automatic whether to load it unasked: false for names that begin with a question mark
 */
public record SectionKind(
    String pattern,
    ProgramType type,
    Optional<AttachType> attachType,
    boolean sleepable,
    boolean byBtf,
    boolean fragments,
    String target,
    boolean automatic) {

  /**
   * What a section's name means.
   *
   * @param origin the object's name, for the error
   * @throws BadDataException when libbpf would not know it either; names the nearest ones
   */
  public static SectionKind of(String origin, String section) {
    boolean automatic = !section.startsWith("?");
    String name = automatic ? section : section.substring(1);
    for (SectionKind kind : SectionTable.ALL) {
      if (kind.matches(name)) {
        int open = kind.prefix().length();
        return new SectionKind(
            kind.pattern,
            kind.type,
            kind.attachType,
            kind.sleepable,
            kind.byBtf,
            kind.fragments,
            name.length() > open ? name.substring(open + 1) : "",
            automatic);
      }
    }
    throw new BadDataException(
        origin + ": section '" + section + "' says no kind of program",
        "name it as libbpf does, for example " + SectionTable.nearest(name));
  }

  /** The number of the expected attach type: 0 where the table names none. */
  public int expectedAttachType() {
    return attachType.map(AttachType::number).orElse(0);
  }

  /** The pattern without its plus. */
  String prefix() {
    return pattern.endsWith("+") ? pattern.substring(0, pattern.length() - 1) : pattern;
  }

  private boolean matches(String name) {
    String prefix = prefix();
    if (!pattern.endsWith("+")) {
      return name.equals(prefix);
    }
    return name.startsWith(prefix)
        && (name.length() == prefix.length() || name.charAt(prefix.length()) == '/');
  }
}
