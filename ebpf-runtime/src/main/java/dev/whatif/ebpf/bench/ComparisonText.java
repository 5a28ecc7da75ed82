package dev.whatif.ebpf.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of comparisons: times, the first contender's ratio to each of the others, and means. */
public final class ComparisonText {

  private ComparisonText() {}

  /** Lines of text; all comparisons have the same contenders. */
  public static List<String> lines(List<Comparison> comparisons) {
    List<Measurement> columns = comparisons.getFirst().measurements();
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("%-20s".formatted("program, ns"));
    for (Measurement column : columns) {
      head.append("%18s".formatted(column.contender()));
    }
    for (int c = 1; c < columns.size(); c++) {
      head.append("%14s".formatted("/ " + columns.get(c).contender()));
    }
    lines.add(head.toString());
    for (Comparison comparison : comparisons) {
      lines.add(line(comparison));
    }
    StringBuilder foot = new StringBuilder("%-20s".formatted("geometric mean"));
    foot.append(" ".repeat(18 * columns.size()));
    for (int c = 1; c < columns.size(); c++) {
      foot.append(text("%13.3fx", geometricMean(comparisons, c)));
    }
    lines.add(foot.toString());
    return lines;
  }

  private static String line(Comparison comparison) {
    StringBuilder line = new StringBuilder("%-20s".formatted(comparison.program()));
    for (Measurement m : comparison.measurements()) {
      line.append(text("%11.1f ±%4.1f%%", m.nanos(), m.spread() * 100));
    }
    for (int c = 1; c < comparison.measurements().size(); c++) {
      line.append(text("%13.3fx", comparison.ratio(c)));
    }
    return line.toString();
  }

  /** The geometric mean of the first contender's ratios to another one. */
  public static double geometricMean(List<Comparison> comparisons, int contender) {
    return Math.exp(
        comparisons.stream()
            .mapToDouble(c -> Math.log(c.ratio(contender)))
            .average()
            .orElseThrow());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
