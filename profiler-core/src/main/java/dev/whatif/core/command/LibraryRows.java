package dev.whatif.core.command;

import dev.whatif.core.capability.Capability;
import dev.whatif.core.capability.CapabilityState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A process has dozens of libraries and most say the same: those with which nothing is wrong become
 * one row.
 */
final class LibraryRows {

  /** So few are read faster than their summary. */
  private static final int FEW = 4;

  private static final int NAMED = 6;

  private LibraryRows() {}

  /** The rows with their good libraries folded into the last one. */
  static List<Capability> folded(List<Capability> rows) {
    List<Capability> good = rows.stream().filter(LibraryRows::isGoodLibrary).toList();
    if (good.size() <= FEW) {
      return rows;
    }
    List<Capability> folded = new ArrayList<>(rows);
    folded.removeAll(good);
    long files = rows.stream().filter(r -> "library".equals(r.facts().get("role"))).count();
    List<Capability> lineless = good.stream().filter(without("lines")).toList();
    StringBuilder finding = new StringBuilder();
    finding.append(good.size());
    finding.append(files > good.size() ? " others" : "");
    finding.append(": unwind tables for all");
    count(finding, "functions", good.stream().filter(r -> !onlyExported(r)).count(), good.size());
    count(finding, "lines", good.size() - (long) lineless.size(), good.size());
    if (!lineless.isEmpty() && lineless.size() < good.size()) {
      finding.append("; without lines: ").append(names(lineless));
    }
    finding.append(" (all: --verbose)");
    folded.add(Capability.ok("libraries", finding.toString(), "names and stacks"));
    return folded;
  }

  private static boolean isGoodLibrary(Capability row) {
    return row.state() == CapabilityState.OK && "library".equals(row.facts().get("role"));
  }

  private static Predicate<Capability> without(String fact) {
    return row -> "".equals(row.facts().get(fact));
  }

  /** Names of exported functions only are names as well, but wrong ones between the exports. */
  private static boolean onlyExported(Capability row) {
    return ".dynsym".equals(row.facts().get("symbols"));
  }

  private static void count(StringBuilder finding, String what, long have, long all) {
    String many = have == all ? "all" : have == 0 ? "none" : Long.toString(have);
    finding.append(", ").append(what).append(" for ").append(many);
  }

  private static String names(List<Capability> rows) {
    String some =
        rows.stream().limit(NAMED).map(Capability::name).collect(Collectors.joining(", "));
    return rows.size() > NAMED ? some + " and " + (rows.size() - NAMED) + " more" : some;
  }
}
