package dev.whatif.core.place;

import dev.whatif.core.dwarf.FunctionQuery;
import dev.whatif.core.elf.FunctionNames;
import dev.whatif.core.symbol.Demangler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a function is the one that was written: by its linked name, or by its readable one
 * with or without parameters and template arguments. For one thread.
 */
final class FunctionMatch implements FunctionQuery {

  /** Has its own letters in mangled names (Itanium C++ ABI, 5.1.4.10, "Compression"). */
  private static final Set<String> ABBREVIATED =
      Set.of(
          "allocator",
          "basic_string",
          "string",
          "istream",
          "ostream",
          "iostream",
          "basic_istream",
          "basic_ostream",
          "basic_iostream");

  private final String written;
  private final QualifiedName wanted;
  private final Map<String, Boolean> linked = new HashMap<>();

  FunctionMatch(String written) {
    this.written = written;
    this.wanted = QualifiedName.of(written);
  }

  @Override
  public List<String> keys() {
    String base = wanted.base();
    if (base.isEmpty() || base.startsWith("{")) {
      return List.of(); // closures are called differently in debug information
    }
    List<String> keys = new ArrayList<>();
    keys.add(written);
    if (!base.equals(written)) {
      keys.add(base);
    }
    return keys;
  }

  @Override
  public boolean matches(String qualified, @Nullable String linkageName) {
    if (linkageName != null) {
      return matchesLinked(linkageName);
    }
    return !qualified.isEmpty() && (qualified.equals(written) || sameName(qualified));
  }

  /** Whether the name of a symbol is that of the function, or of a part or copy of it. */
  boolean matchesSymbol(FunctionNames names, int name) {
    // Mangled names spell identifiers out.
    String base = wanted.base();
    String key = isIdentifier(base) && !ABBREVIATED.contains(base) ? base : "";
    String other = written.startsWith("_") ? written : key;
    if (!names.contains(name, key) && !names.contains(name, other)) {
      return false;
    }
    return matchesLinked(names.text(name));
  }

  private boolean matchesLinked(String name) {
    return linked.computeIfAbsent(name, this::computeLinked);
  }

  private boolean computeLinked(String name) {
    String whole = QualifiedName.withoutClone(name);
    if (name.equals(written) || whole.equals(written)) {
      return true;
    }
    if (!whole.startsWith("_")) {
      return matchesReadable(whole);
    }
    String readable = Demangler.demangle(whole).text();
    return !readable.equals(whole) && matchesReadable(readable);
  }

  private boolean matchesReadable(String readable) {
    if (readable.equals(written)) {
      return true;
    }
    QualifiedName name = QualifiedName.of(readable);
    return isSame(name)
        && (wanted.parameters() == null || wanted.parameters().equals(name.parameters()));
  }

  /** Functions that only their own file sees have no parameters in the debug information. */
  private boolean sameName(String qualified) {
    return isSame(QualifiedName.of(qualified));
  }

  private boolean isSame(QualifiedName name) {
    return name.full().equals(wanted.full()) || name.plain().equals(wanted.full());
  }

  private static boolean isIdentifier(String text) {
    return !text.isEmpty() && text.chars().allMatch(Character::isJavaIdentifierPart);
  }
}
