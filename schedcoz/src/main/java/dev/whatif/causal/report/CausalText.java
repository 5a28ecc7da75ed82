package dev.whatif.causal.report;

import dev.whatif.causal.analysis.CausalProfile;
import dev.whatif.causal.analysis.ProgressProfile;
import dev.whatif.core.report.Paragraph;
import dev.whatif.core.report.Terminal;
import java.io.PrintWriter;
import java.util.List;

/** Prints a causal profile for people. */
public final class CausalText {

  private static final String BULLET = "  - ";

  private final CausalRun run;
  private final Terminal terminal;
  private final int top;
  private final PrintWriter out;
  private final boolean symbols;

  /**
   * Nothing is printed before {@link #print()}.
   *
   * @param top how many regions a ranking shows
   */
  public CausalText(CausalRun run, Terminal terminal, int top, PrintWriter out) {
    this(run, terminal, top, out, Sparkline.isPossible());
  }

  CausalText(CausalRun run, Terminal terminal, int top, PrintWriter out, boolean symbols) {
    this.run = run;
    this.terminal = terminal;
    this.top = top;
    this.out = out;
    this.symbols = symbols;
  }

  /** Prints rankings, then how far they can be trusted. */
  public void print() {
    paragraph(terminal.columns(), "", summary(), true);
    if (run.profile().isEmpty()) {
      out.println();
      paragraph(terminal.columns(), "", Sentences.UNFINISHED, false);
      return;
    }
    CausalProfile profile = run.profile().get();
    profile.progress().forEach(this::progress);
    quality(profile);
  }

  private String summary() {
    String target = run.target().isEmpty() ? "causal profile" : Terminal.clean(run.target());
    return target + ": " + Sentences.about(run);
  }

  private void progress(ProgressProfile p) {
    out.println();
    String measure = Sentences.measure(p.measure()) + " of ";
    String baseline = Sentences.baseline(p);
    int room = Math.max(20, terminal.columns() - measure.length() - 2 - baseline.length());
    String point = Terminal.elideMiddle(Terminal.clean(p.point()), room);
    boolean fits = measure.length() + point.length() + 2 + baseline.length() <= terminal.columns();
    out.println(terminal.strong(measure + point) + (fits ? "  " + baseline : ""));
    if (!fits) {
      out.println("  " + baseline);
    }
    if (!p.refusal().isEmpty()) {
      out.println(terminal.warn("  no ranking"));
      paragraph(terminal.columns(), "  ", Terminal.clean(p.refusal()), false);
      return;
    }
    if (p.curves().isEmpty()) {
      paragraph(terminal.columns(), "  ", Sentences.NOTHING_TRIED, false);
      return;
    }
    List<String> findings = Sentences.findings(p);
    findings.forEach(f -> bullet(f, BULLET));
    out.println();
    int all = p.curves().size();
    String shown = all > top ? " (%d of %d regions)".formatted(top, all) : "";
    paragraph(
        terminal.columns(),
        "  ",
        "percent %s that is saved when a region is that much faster%s"
            .formatted(Sentences.saved(p.measure()), shown),
        false);
    new RankingTable(p.curves(), terminal, top, symbols).lines().forEach(out::println);
  }

  private void quality(CausalProfile profile) {
    out.println();
    out.println(terminal.strong("how far to trust it"));
    int width = 13;
    for (Trust.Fact fact : Trust.facts(run, profile)) {
      String lead = "  " + Terminal.left(fact.name(), width);
      for (String line : Paragraph.lines(fact.said(), terminal.columns() - lead.length())) {
        out.println(terminal.dim(lead) + (fact.bad() ? terminal.warn(line) : line));
        lead = " ".repeat(2 + width);
      }
    }
    run.warnings().forEach(w -> bullet(Terminal.clean(w), "  ! "));
  }

  private void bullet(String sentence, String lead) {
    String before = lead;
    for (String line : Paragraph.lines(sentence, terminal.columns() - lead.length())) {
      out.println(before + line);
      before = " ".repeat(lead.length());
    }
  }

  private void paragraph(int columns, String indent, String text, boolean strong) {
    for (String line : Paragraph.lines(text, columns - indent.length())) {
      out.println(indent + (strong ? terminal.strong(line) : line));
    }
  }
}
