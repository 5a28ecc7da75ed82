package dev.whatif.core.dwarf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which functions are looked for by {@link CodeSearch}. */
public interface FunctionQuery {

  /**
   * Texts of which at least one is the linkage name, or the beginning of the plain name ({@code
   * DW_AT_name}, without what encloses it) up to its end, a {@code <} or a blank, of every function
   * that {@link #matches}. Units in which none of them occurs are not read; when there are no keys,
   * all are.
   */
  List<String> keys();

  /**
   * Whether a function is one of those.
   *
   * @param qualified its name with what encloses it; only the plain name when there is a linkage
   *     name
   * @param linkageName the mangled name, or null
   */
  boolean matches(String qualified, @Nullable String linkageName);
}
