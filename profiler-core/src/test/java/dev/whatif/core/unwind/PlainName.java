package dev.whatif.core.unwind;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A function's name without what is notation: parameters and return type of C++, qualifiers behind
 * them, ABI tags, the suffixes of clones that compilers make of one function. gdb shows the name of
 * the source where there is debug information, we the symbol's: they differ in exactly these.
 */
final class PlainName {

  /** No name at all: in gdb's words. */
  static final String NONE = "?";

  private static final Pattern CLONE =
      Pattern.compile("( \\[clone [^]]*])+|(\\.(isra|part|constprop|cold|lto_priv)(\\.\\d+)*)+");
  private static final Pattern ABI_TAG = Pattern.compile("\\[abi:\\w+]");

  /** What the mangling has letters for (Itanium C++ ABI, 5.1.8) and gdb spells out. */
  private static final List<String> STREAMS = List.of("ostream", "istream", "iostream");

  private static final Pattern STRING = Pattern.compile("\\bstd::string\\b");
  private static final String CHARACTERS_AND_ALLOCATOR =
      "<char, std::char_traits<char>, std::allocator<char> >";
  private static final String CHARACTERS = "<char, std::char_traits<char> >";
  private static final String OPERATOR = "operator";

  private PlainName() {}

  static String of(String name) {
    if (name.equals(NONE) || name.startsWith("[") || name.startsWith("0x")) {
      return NONE;
    }
    String s = ABI_TAG.matcher(CLONE.matcher(name).replaceAll("")).replaceAll("");
    for (String stream : STREAMS) {
      s = s.replace("std::" + stream, "std::basic_" + stream + CHARACTERS);
    }
    s = STRING.matcher(s).replaceAll("std::basic_string" + CHARACTERS_AND_ALLOCATOR);
    StringBuilder out = new StringBuilder();
    int round = 0;
    int angle = 0;
    int start = 0; // of the name: behind the return type
    boolean operator = false;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (round == 0 && s.startsWith(OPERATOR, i) && !isNamePart(s, i - 1)) {
        int end = endOfOperator(s, i + OPERATOR.length());
        out.append(s, i, end);
        i = end - 1;
        operator = angle == 0;
        continue;
      }
      if (s.startsWith("(anonymous namespace)", i) && round == 0) {
        out.append("(anonymous namespace)");
        i += "(anonymous namespace)".length() - 1;
        continue;
      }
      switch (c) {
        case '(' -> round++;
        case ')' -> round--;
        case ' ' -> {
          if (round == 0 && angle == 0 && !operator && !onlyQualifiers(s.substring(i))) {
            start = out.length();
          }
        }
        default -> {
          if (round == 0) {
            angle += c == '<' || c == '{' ? 1 : c == '>' || c == '}' ? -1 : 0;
            out.append(c);
          }
        }
      }
    }
    String plain = out.substring(start);
    while (plain.endsWith("const") && s.endsWith(" const") || plain.endsWith("&")) {
      plain = plain.substring(0, plain.length() - (plain.endsWith("&") ? 1 : 5));
      s = plain;
    }
    return plain;
  }

  /** Without template arguments too. */
  static String withoutArguments(String name) {
    StringBuilder out = new StringBuilder();
    int angle = 0;
    for (char c : of(name).replace("operator<", "operator{").toCharArray()) {
      angle += c == '<' ? 1 : 0;
      if (angle == 0) {
        out.append(c);
      }
      angle -= c == '>' && angle > 0 ? 1 : 0;
    }
    return out.toString();
  }

  /** What may stand behind a parameter list. */
  private static boolean onlyQualifiers(String rest) {
    return rest.matches("( (const|volatile|noexcept)| ?&{1,2})*");
  }

  private static boolean isNamePart(String s, int i) {
    return i >= 0 && (Character.isLetterOrDigit(s.charAt(i)) || s.charAt(i) == '_');
  }

  /** Behind the sign of an operator, {@code ()} included; conversions have none. */
  private static int endOfOperator(String s, int at) {
    if (s.startsWith("()", at)) {
      return at + 2;
    }
    int end = at;
    while (end < s.length() && "<>=!+-*/%^&|~,[]".indexOf(s.charAt(end)) >= 0) {
      end++;
    }
    // operator<<<char>: the last sign opens the template arguments.
    return end - at > 2 && s.charAt(end - 1) == '<' ? end - 1 : end;
  }
}
