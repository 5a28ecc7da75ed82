package dev.whatif.core.report;

import dev.whatif.core.linux.WindowSize;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * What the output can show.
 *
 * @param columns width in characters
 * @param colour whether escape sequences for colours are understood and wanted
 */
public record Terminal(int columns, boolean colour) {

  private static final int WIDTH_OF_A_FILE = 100;
  private static final int NARROWEST = 40;
  private static final int WIDEST = 200;
  private static final String ELLIPSIS =
      Charset.defaultCharset().newEncoder().canEncode('…') ? "…" : "..";

  /** A file or pipe: 100 columns, no colours. */
  public static Terminal plain() {
    return new Terminal(WIDTH_OF_A_FILE, false);
  }

  /**
   * Standard output: COLUMNS wins over what the terminal says; no colours when NO_COLOR is set
   * (no-color.org), TERM is "dumb", or it is no terminal.
   */
  public static Terminal ofStdout() {
    return of(System.getenv(), WindowSize.columns(1));
  }

  static Terminal of(Map<String, String> environment, int terminalColumns) {
    boolean isTerminal = terminalColumns >= 0;
    int columns = terminalColumns > 0 ? terminalColumns : WIDTH_OF_A_FILE;
    String said = environment.getOrDefault("COLUMNS", "");
    if (said.matches("[1-9][0-9]{0,4}")) {
      columns = Integer.parseInt(said);
    }
    boolean colour =
        isTerminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Terminal(Math.clamp(columns, NARROWEST, WIDEST), colour);
  }

  /** Bold text. */
  public String strong(String text) {
    return styled("1", text);
  }

  /** Text that steps back. */
  public String dim(String text) {
    return styled("2", text);
  }

  /** Text that asks for attention. */
  public String warn(String text) {
    return styled("33", text);
  }

  /** Text that says all is well. */
  public String good(String text) {
    return styled("32", text);
  }

  /** Text that says something does not work. */
  public String bad(String text) {
    return styled("31", text);
  }

  private String styled(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** The text without characters that a terminal would act on. */
  public static String clean(String text) {
    StringBuilder b = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean acts = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
      if (acts && b == null) {
        b = new StringBuilder(text);
      }
      if (acts && b != null) {
        b.setCharAt(i, '?');
      }
    }
    return b == null ? text : b.toString();
  }

  /** At most so many characters, the middle replaced: both ends of a C++ name tell it apart. */
  public static String elideMiddle(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int keep = Math.max(2, width - ELLIPSIS.length());
    int tail = keep / 2;
    return text.substring(0, keep - tail) + ELLIPSIS + text.substring(text.length() - tail);
  }

  /** At most so many characters of a path: leading folders go first. */
  public static String elidePath(String path, int width) {
    if (path.length() <= width) {
      return path;
    }
    int keep = Math.max(2, width - ELLIPSIS.length());
    String tail = path.substring(path.length() - keep);
    int slash = tail.indexOf('/');
    return ELLIPSIS + (slash >= 0 && slash < tail.lastIndexOf('/') ? tail.substring(slash) : tail);
  }

  /** Padded with blanks on the right. */
  public static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** Padded with blanks on the left. */
  public static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
