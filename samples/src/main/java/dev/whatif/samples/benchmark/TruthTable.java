package dev.whatif.samples.benchmark;

import dev.whatif.samples.truth.TruthProgram;
import dev.whatif.samples.truth.TruthProgram.Expectation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Predicted beside true, program by program, and how wrong it was in all. All shares are of the
 * progress period. Not thread-safe.
 */
final class TruthTable {

  /**
   * One speedup of one program.
   *
   * @param run from 1
   * @param predicted null when the profiler refused, or gave no such point
   * @param answer null when there was no profiler
   * @param coz what Coz said; null when it was not asked or has seen too little
   */
  record Row(
      TruthProgram program,
      int run,
      TruthMeasurement.Truth truth,
      CausalAnswer.@Nullable Point predicted,
      @Nullable CausalAnswer answer,
      @Nullable Double coz) {

    boolean isEffect() {
      return program.expectation() == Expectation.EFFECT;
    }

    double error() {
      return predicted == null ? Double.NaN : predicted.effect() - truth.effect();
    }

    double cozError() {
      return coz == null ? Double.NaN : coz - truth.effect();
    }
  }

  private final List<Row> rows = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  static void header(PrintStream out) {
    out.printf(
        "%-14s %4s %7s %7s %9s %10s %7s %7s %9s %7s %7s%n",
        "program",
        "s",
        "theory",
        "true",
        "",
        "predicted",
        "error",
        "+-",
        "debt us",
        "coz",
        "error");
  }

  static void print(Row row, PrintStream out) {
    TruthMeasurement.Truth t = row.truth();
    CausalAnswer.Point p = row.predicted();
    CausalAnswer a = row.answer();
    String said = "-";
    if (p != null) {
      said = percent(p.effect());
    } else if (a != null) {
      said = a.saysArrivalLimited() ? "arrivals" : "refused";
    }
    out.printf(
        "%-14s %4s %7s %7s %9s %10s %7s %7s %9s %7s %7s%n",
        row.program().name(),
        Math.round(t.speedup() * 100),
        percent(row.program().theory().applyAsDouble(t.speedup())),
        percent(t.effect()),
        "+-" + String.format(Locale.ROOT, "%.1f", (t.high() - t.low()) * 50),
        said,
        percent(row.error()),
        p == null ? "-" : String.format(Locale.ROOT, "%.1f", p.halfWidth() * 100),
        a == null ? "-" : Long.toString(a.maxDebtNanos() / 1000),
        row.coz() == null ? "-" : percent(row.coz()),
        percent(row.cozError()));
  }

  void printSummary(PrintStream out) {
    List<Row> effects = rows.stream().filter(Row::isEffect).toList();
    List<Row> predicted = effects.stream().filter(r -> r.predicted() != null).toList();
    if (!predicted.isEmpty()) {
      out.printf(
          Locale.ROOT,
          "%nwhatif: %s; half-width mean %.1f, max %.1f; the truth inside %d of %d intervals%n",
          errors(predicted, Row::error),
          mean(predicted, TruthTable::halfWidth),
          max(predicted, TruthTable::halfWidth),
          predicted.stream().filter(TruthTable::holds).count(),
          predicted.size());
    }
    long refused = effects.stream().filter(TruthTable::isRefused).count();
    if (refused > 0) {
      out.printf("no prediction for %d rows%n", refused);
    }
    List<Row> coz = effects.stream().filter(r -> r.coz() != null).toList();
    if (!coz.isEmpty()) {
      out.printf("Coz:    %s%n", errors(coz, Row::cozError));
    }
    List<Row> arrivals = rows.stream().filter(r -> !r.isEffect() && r.answer() != null).toList();
    if (!arrivals.isEmpty()) {
      out.printf(
          "arrival-limited: said so in %d of %d rows; a gain was claimed in %d%n",
          arrivals.stream().filter(TruthTable::saysArrivals).count(),
          arrivals.size(),
          arrivals.stream().filter(TruthTable::claimsGain).count());
    }
  }

  /** It was asked and had no number. */
  private static boolean isRefused(Row row) {
    return row.answer() != null && row.predicted() == null;
  }

  private static double halfWidth(Row row) {
    CausalAnswer.Point p = row.predicted();
    return p == null ? Double.NaN : p.halfWidth() * 100;
  }

  /** Both are measured: their intervals meet. */
  private static boolean holds(Row row) {
    CausalAnswer.Point p = row.predicted();
    return p != null && p.low() <= row.truth().high() && row.truth().low() <= p.high();
  }

  private static boolean saysArrivals(Row row) {
    CausalAnswer a = row.answer();
    return a != null && a.saysArrivalLimited();
  }

  private static boolean claimsGain(Row row) {
    CausalAnswer.Point p = row.predicted();
    return p != null && p.low() > row.truth().high() && !saysArrivals(row);
  }

  private static String errors(List<Row> some, ToDoubleFunction<Row> error) {
    ToDoubleFunction<Row> points = r -> Math.abs(error.applyAsDouble(r)) * 100;
    return String.format(
        Locale.ROOT,
        "error mean %.1f points, max %.1f, %d rows",
        mean(some, points),
        max(some, points),
        some.size());
  }

  private static double mean(List<Row> some, ToDoubleFunction<Row> value) {
    return some.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private static double max(List<Row> some, ToDoubleFunction<Row> value) {
    return some.stream().mapToDouble(value).max().orElse(Double.NaN);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%+.1f", share * 100);
  }

  /** Everything, for other programs. */
  String json() {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode().put("schema", "whatif-causal-truth-1");
    ArrayNode all = root.putArray("rows");
    for (Row row : rows) {
      ObjectNode node = all.addObject();
      node.put("program", row.program().name()).put("run", row.run());
      node.put("expectation", row.program().expectation().name().toLowerCase(Locale.ROOT));
      TruthMeasurement.Truth t = row.truth();
      node.put("speedup", t.speedup())
          .put("theory", row.program().theory().applyAsDouble(t.speedup()));
      node.put("truth", t.effect()).putArray("truthCi").add(t.low()).add(t.high());
      CausalAnswer.Point p = row.predicted();
      if (p != null) {
        node.put("predicted", p.effect()).put("error", row.error()).put("visits", p.visits());
        node.putArray("predictedCi").add(p.low()).add(p.high());
      }
      CausalAnswer a = row.answer();
      if (a != null) {
        node.put("maxDebtNanos", a.maxDebtNanos()).put("contention", a.contention());
        node.put("arrivalLimited", a.saysArrivalLimited());
        ArrayNode warnings = node.putArray("warnings");
        a.warnings().forEach(warnings::add);
      }
      if (row.coz() != null) {
        node.put("coz", row.coz());
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
