package dev.whatif.core.dwarf;

import org.jspecify.annotations.Nullable;

/**
 * The place of an entry (DIE).
 *
 * @param unit that it lies in
 * @param offset of its first byte in the section
 */
record Entry(Unit unit, long offset) {

  private static final int MAX_HOPS = 32;

  /** How demanglers write it. */
  private static final String ANONYMOUS = "(anonymous namespace)";

  /** The entry at an offset of a file's {@code .debug_info}, or null when no unit is there. */
  static @Nullable Entry at(@Nullable DebugFile file, long offset) {
    if (file == null) {
      return null;
    }
    Unit unit = file.unitAt(offset);
    return unit == null ? null : new Entry(unit, offset);
  }

  /**
   * The names of a function, collected along DW_AT_abstract_origin and DW_AT_specification. A
   * circle of references ends after 32 steps.
   */
  FunctionName name() {
    String name = "";
    String linkageName = "";
    Entry entry = this;
    Entry named = this;
    for (int hop = 0; hop < MAX_HOPS && entry != null; hop++) {
      Unit u = entry.unit;
      Abbreviations shapes = u.file().abbreviations(u.header());
      EntryReader r =
          new EntryReader(u.file().sections().reader(SectionKind.INFO, 256), u.header(), shapes);
      r.seek(entry.offset);
      int shape = r.shape();
      named = entry;
      entry = null;
      for (int i = shape < 0 ? 0 : shapes.first(shape);
          shape >= 0 && i < shapes.first(shape + 1);
          i++) {
        r.read(i);
        switch (shapes.attribute(i)) {
          case Attribute.NAME -> {
            if (name.isEmpty()) {
              name = u.string(r.form(), r.bits());
            }
          }
          case Attribute.LINKAGE_NAME, Attribute.MIPS_LINKAGE_NAME -> {
            if (linkageName.isEmpty()) {
              linkageName = u.string(r.form(), r.bits());
            }
          }
          case Attribute.ABSTRACT_ORIGIN, Attribute.SPECIFICATION ->
              entry = u.reference(r.form(), r.bits());
          default -> {}
        }
      }
      if (!name.isEmpty() && !linkageName.isEmpty()) {
        break;
      }
    }
    return linkageName.isEmpty()
        ? new FunctionName(name, named.scope(), null)
        : new FunctionName(name, "", linkageName);
  }

  /** The namespaces and classes around it, as C++ writes them. */
  private String scope() {
    StringBuilder text = new StringBuilder();
    Scopes scopes = unit.scopes();
    for (int s = scopes.around(offset); s >= 0; s = scopes.parent(s)) {
      String name = new Entry(unit, scopes.entry(s)).ownName();
      if (name.isEmpty() && !scopes.isNamespace(s)) {
        break; // a class without a name, as that of a lambda, has none to give
      }
      text.insert(0, (name.isEmpty() ? ANONYMOUS : name) + (text.isEmpty() ? "" : "::"));
    }
    return text.toString();
  }

  private String ownName() {
    Abbreviations shapes = unit.file().abbreviations(unit.header());
    EntryReader r =
        new EntryReader(
            unit.file().sections().reader(SectionKind.INFO, 256), unit.header(), shapes);
    r.seek(offset);
    int shape = r.shape();
    for (int i = shape < 0 ? 0 : shapes.first(shape);
        shape >= 0 && i < shapes.first(shape + 1);
        i++) {
      r.read(i);
      if (shapes.attribute(i) == Attribute.NAME) {
        return unit.string(r.form(), r.bits());
      }
    }
    return "";
  }
}
