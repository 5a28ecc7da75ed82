package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.experiment.Arm;
import dev.whatif.core.report.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What stands on a terminal while a run goes on, and what is left of it. */
class LiveRankingTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = 5_000_000_000L;

  private LiveRanking live(LiveRanking.Place place) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new LiveRanking(out, place, new Terminal(80, false), () -> now);
  }

  private static LiveState state(String doing, CausalRun run) {
    return new LiveState(
        doing,
        23_000_000_000L,
        60_000_000_000L,
        120,
        48_216,
        Optional.of(Arm.speedup("dictFind", 0.5)),
        run.profile());
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** What a terminal shows that knows the few sequences that are used. */
  private List<String> screen() {
    List<String> lines = new ArrayList<>(List.of(""));
    int row = 0;
    String text = printed();
    Matcher escape = Pattern.compile("\u001b\\[(\\??)(\\d*)([A-Za-z])").matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (escape.region(at, text.length()).lookingAt()) {
        if (escape.group(3).equals("A")) {
          row -= Integer.parseInt(escape.group(2));
        } else if (escape.group(3).equals("J")) {
          lines = new ArrayList<>(lines.subList(0, row));
          lines.add("");
        }
        at = escape.end();
      } else {
        char c = text.charAt(at++);
        if (c == '\n') {
          row++;
          if (row == lines.size()) {
            lines.add("");
          }
        } else if (c != '\r') {
          lines.set(row, lines.get(row) + c);
        }
      }
    }
    return lines;
  }

  @Test
  void theRankingIsDrawnInPlace() {
    try (LiveRanking live = live(LiveRanking.Place.TERMINAL)) {
      live.show(state("calibrating", ExampleRuns.withoutExperiments()));
      assertThat(screen()).contains("calibrating").doesNotContain("too early to rank");
      live.show(state("", ExampleRuns.withoutExperiments()));
      assertThat(screen()).contains("too early to rank").doesNotContain("calibrating");
      now += 300_000_000;
      live.show(state("", ExampleRuns.redis()));
      assertThat(screen())
          .anyMatch(l -> l.startsWith("[########------------] 23 of 60 s, 120 experiments"))
          .contains("trying dictFind 50% faster", "throughput of aeProcessEvents")
          .filteredOn(l -> l.endsWith("  dictFind"))
          .hasSize(1);
      assertThat(screen()).hasSizeLessThan(24);
    }
    assertThat(screen()).containsOnly("");
  }

  @Test
  void aFewTimesASecondAtMost() {
    LiveRanking live = live(LiveRanking.Place.TERMINAL);
    live.show(state("", ExampleRuns.redis()));
    int once = bytes.size();
    now += 100_000_000;
    live.show(state("", ExampleRuns.redis()));
    assertThat(bytes.size()).isEqualTo(once);
    now += 200_000_000;
    live.show(state("", ExampleRuns.redis()));
    assertThat(bytes.size()).isGreaterThan(once);
  }

  @Test
  void aRefusalIsShownAsSoonAsItIsKnown() {
    live(LiveRanking.Place.TERMINAL).show(state("", ExampleRuns.refused()));
    assertThat(String.join(" ", screen())).contains("no ranking so far: progress is limited");
  }

  @Test
  void aLogGetsALineNowAndThen() {
    try (LiveRanking live = live(LiveRanking.Place.LOG)) {
      for (int i = 0; i < 25; i++) {
        live.show(state("", ExampleRuns.redis()));
        now += 1_000_000_000L;
      }
    }
    assertThat(printed().lines())
        .hasSize(3)
        .allMatch(
            "23 of 60 s, 120 experiments, 48,216 visits/s, first is dictFind, impact +20.6% ±1.1"
                ::equals);
    assertThat(printed()).doesNotContain("\u001b");
  }

  @Test
  void quietIsQuiet() {
    try (LiveRanking live = live(LiveRanking.Place.NOWHERE)) {
      live.show(state("calibrating", ExampleRuns.redis()));
      live.say("hello");
    }
    assertThat(bytes.size()).isZero();
  }

  @Test
  void namesCannotActOnTheTerminal() {
    live(LiveRanking.Place.TERMINAL).show(state("", ExampleRuns.hostile()));
    assertThat(printed()).doesNotContain("\u001b[31m");
  }

  @Test
  void aLineThatIsSaidStays() {
    try (LiveRanking live = live(LiveRanking.Place.TERMINAL)) {
      live.show(state("", ExampleRuns.redis()));
      live.say("a thread blocks the signal");
      live.show(state("", ExampleRuns.redis()));
    }
    assertThat(screen()).first().isEqualTo("a thread blocks the signal");
    assertThat(screen()).hasSize(2);
  }
}
