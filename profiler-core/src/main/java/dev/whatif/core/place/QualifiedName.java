package dev.whatif.core.place;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A readable function name, taken apart: {@code int ns::f<int>(int) const [clone .cold]} is {@code
 * ns::f} or {@code ns::f<int>} with the parameters {@code int}.
 *
 * <p>Unnamed namespaces are left out, since nobody writes them. Parameters of functions that
 * enclose the name ({@code f(int)::{lambda()#1}::operator()}) are left out too.
 *
 * @param plain without template arguments
 * @param full with them, without blanks that mean nothing
 * @param parameters between the parentheses, without blanks that mean nothing; null when the name
 *     has none
 */
record QualifiedName(String plain, String full, @Nullable String parameters) {

  private static final String ANONYMOUS = "(anonymous namespace)";
  private static final String OPERATOR = "operator";
  private static final List<String> QUALIFIERS = List.of(" const", " volatile", " &", "&");
  private static final String SYMBOLS = "<>=!+-*/%^&|~,";

  /** How compilers call parts and copies of a function; a number may follow. */
  private static final Set<String> CLONES =
      Set.of(
          "cold",
          "unlikely",
          "part",
          "constprop",
          "isra",
          "sra",
          "ipa",
          "simdclone",
          "clone",
          "lto_priv",
          "localalias",
          "llvm",
          "__uniq",
          "default",
          "avx",
          "avx2",
          "avx512f",
          "sse4_2");

  /** Those that are entered from the function's other parts, not by calling it. */
  private static final Set<String> PARTS = Set.of("cold", "unlikely", "part");

  private static final String CLONE_TEXT = " [clone ";

  /** A linked or readable name without what tells parts and copies from the function. */
  static String withoutClone(String name) {
    int text = name.endsWith("]") ? name.indexOf(CLONE_TEXT) : -1;
    String linked = text < 0 ? name : name.substring(0, text);
    return linked.substring(0, endOfFunction(linked));
  }

  /** Whether a linked name means a part of a function in which it does not begin. */
  static boolean isPart(String linked) {
    for (int end = linked.length(); end > endOfFunction(linked); ) {
      int dot = linked.lastIndexOf('.', end - 1);
      if (PARTS.contains(linked.substring(dot + 1, end))) {
        return true;
      }
      end = dot;
    }
    return false;
  }

  private static int endOfFunction(String linked) {
    int end = linked.length();
    while (true) {
      int dot = linked.lastIndexOf('.', end - 1);
      if (dot <= 0) {
        return end;
      }
      String word = linked.substring(dot + 1, end);
      boolean number = !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!number && !CLONES.contains(word) && !word.startsWith("arch_")) {
        return end;
      }
      end = dot;
    }
  }

  /** Takes a readable name apart; never fails. */
  static QualifiedName of(String name) {
    return new Reader(withoutClone(name)).read();
  }

  /** The last component: what debug information calls the function itself. */
  String base() {
    int at = plain.lastIndexOf("::");
    int operator = plain.lastIndexOf(OPERATOR);
    if (operator == 0 || (operator > 1 && plain.startsWith("::", operator - 2))) {
      return plain.substring(operator);
    }
    return at < 0 ? plain : plain.substring(at + 2);
  }

  /** Walks over a name from left to right; brackets are matched by counting. */
  private static final class Reader {

    private final String s;
    private int at;
    private final StringBuilder plain = new StringBuilder();
    private final StringBuilder full = new StringBuilder();

    Reader(String s) {
      this.s = s;
    }

    QualifiedName read() {
      String parameters = null;
      while (at < s.length()) {
        char c = s.charAt(at);
        if (s.startsWith(ANONYMOUS, at)) {
          at += ANONYMOUS.length();
          at += s.startsWith("::", at) ? 2 : 0;
        } else if (isOperator()) {
          operator();
        } else if (c == '(') {
          int end = closing(at, '(', ')');
          parameters = s.substring(at + 1, Math.max(at + 1, end - 1));
          at = end;
          int scope = behindQualifiers(at);
          if (!s.startsWith("::", scope)) {
            break;
          }
          parameters = null;
          at = scope;
        } else if (c == '<' && isTemplate()) {
          int end = closing(at, '<', '>');
          full.append(tight(s.substring(at, end)));
          if (endsWithScope(plain)) {
            plain.setLength(plain.length() - 2); // Rust's name::<T>
          }
          at = end;
        } else if (c == '<' || c == '{') {
          int end = closing(at, c, c == '<' ? '>' : '}');
          both(s.substring(at, end));
          at = end;
        } else if (c == '[') {
          at = closing(at, '[', ']'); // [abi:cxx11]
        } else if (c == ' ') {
          plain.setLength(0); // that was the type of the result
          full.setLength(0);
          at++;
        } else {
          both(String.valueOf(c));
          at++;
        }
      }
      return new QualifiedName(
          plain.toString(), full.toString(), parameters == null ? null : tight(parameters));
    }

    private boolean isOperator() {
      return s.startsWith(OPERATOR, at)
          && (plain.isEmpty() || endsWithScope(plain))
          && (at + OPERATOR.length() == s.length()
              || !Character.isJavaIdentifierPart(s.charAt(at + OPERATOR.length())));
    }

    /** The name of an operator: symbols, brackets, a word (new, delete[]) or a type. */
    private void operator() {
      int end = at + OPERATOR.length();
      if (s.startsWith("()", end) || s.startsWith("[]", end)) {
        end += 2;
      } else if (end < s.length() && SYMBOLS.indexOf(s.charAt(end)) >= 0) {
        while (end < s.length() && SYMBOLS.indexOf(s.charAt(end)) >= 0) {
          end++;
          if (isWholeOperator(s.substring(at + OPERATOR.length(), end))
              && (end == s.length() || !isLonger(end))) {
            break;
          }
        }
      } else {
        while (end < s.length() && s.charAt(end) != '(') {
          end = s.charAt(end) == '<' ? closing(end, '<', '>') : end + 1;
        }
      }
      both(tight(s.substring(at, end)));
      at = s.startsWith(" <", end) ? end + 1 : end; // "operator<< <int>"
    }

    private boolean isLonger(int end) {
      return isWholeOperator(s.substring(at + OPERATOR.length(), end + 1));
    }

    private static boolean isWholeOperator(String symbols) {
      return switch (symbols) {
        case "<",
            ">",
            "<=",
            ">=",
            "<=>",
            "<<",
            ">>",
            "<<=",
            ">>=",
            "==",
            "=",
            "!=",
            "!",
            "+",
            "-" ->
            true;
        case "++", "--", "+=", "-=", "*", "*=", "/", "/=", "%", "%=", "^", "^=", "&", "&&", "&=" ->
            true;
        case "|", "||", "|=", "~", "->", "->*", "," -> true;
        default -> false;
      };
    }

    /** Whether a {@code <} begins template arguments; at the start of a name it is Rust's. */
    private boolean isTemplate() {
      return !full.isEmpty() && (!endsWithScope(full) || s.startsWith("::<", at - 2));
    }

    /** Index behind the bracket that closes the one at an index, or the end. */
    private int closing(int open, char opening, char closing) {
      int depth = 0;
      for (int i = open; i < s.length(); i++) {
        char c = s.charAt(i);
        if (c == opening) {
          depth++;
        } else if (c == closing && s.charAt(i - 1) != '-' && --depth == 0) {
          return i + 1;
        }
      }
      return s.length();
    }

    private int behindQualifiers(int from) {
      int i = from;
      while (true) {
        int before = i;
        for (String qualifier : QUALIFIERS) {
          i += s.startsWith(qualifier, i) ? qualifier.length() : 0;
        }
        if (i == before) {
          return i;
        }
      }
    }

    private void both(String piece) {
      plain.append(piece);
      full.append(piece);
    }

    private static boolean endsWithScope(StringBuilder text) {
      int n = text.length();
      return n >= 2 && text.charAt(n - 1) == ':' && text.charAt(n - 2) == ':';
    }
  }

  /** Without blanks, but for those between two words. */
  static String tight(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean between =
          c == ' '
              && !result.isEmpty()
              && i + 1 < text.length()
              && Character.isJavaIdentifierPart(result.charAt(result.length() - 1))
              && Character.isJavaIdentifierPart(text.charAt(i + 1));
      if (c != ' ' || between) {
        result.append(c);
      }
    }
    return result.toString();
  }
}
