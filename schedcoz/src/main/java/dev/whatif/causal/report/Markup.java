package dev.whatif.causal.report;

import dev.whatif.core.report.Terminal;
import java.util.Locale;

/** Puts a page together; whatever is not markup of this package goes through {@link #text}. */
final class Markup {

  private final StringBuilder page = new StringBuilder();

  /** Markup as it is; {@code {}} stands for the next value, which is escaped. */
  Markup add(String markup, Object... values) {
    int from = 0;
    for (Object value : values) {
      int hole = markup.indexOf("{}", from);
      page.append(markup, from, hole).append(text(shown(value)));
      from = hole + 2;
    }
    page.append(markup, from, markup.length());
    return this;
  }

  /** Markup that was put together elsewhere. */
  Markup add(Markup other) {
    page.append(other.page);
    return this;
  }

  /** Coordinates need a tenth of a pixel, and a point in every country. */
  private static String shown(Object value) {
    return value instanceof Double d ? String.format(Locale.ROOT, "%.1f", d) : value.toString();
  }

  /** Harmless between tags and inside quoted attributes. */
  static String text(String text) {
    return Terminal.clean(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
