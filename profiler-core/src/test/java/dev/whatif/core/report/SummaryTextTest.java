package dev.whatif.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTextTest {

  private static List<String> notes(Map<String, Long> linesUnknown) {
    Profile profile = new Profile(1000, 0, 0, 0, 0, List.of(), List.of(), List.of(), linesUnknown);
    return SummaryText.notes(
        new RecordingFacts("run.jfr", Duration.ZERO, Map.of(), List.of(), Map.of(), ""), profile);
  }

  @Test
  void whoeverHasNoLinesIsToldWhatBringsThem() {
    assertThat(notes(Map.of("libz.so.1", 20L)))
        .anyMatch(n -> n.contains("libz.so.1 (2.0%)") && n.contains("-dbgsym"));
    assertThat(notes(Map.of("libz.so.1", 9L))).noneMatch(n -> n.contains("libz"));
    assertThat(notes(Map.of("[kernel]", 500L))).noneMatch(n -> n.contains("lines"));
  }

  /** No package has debug symbols of what a virtual machine has just compiled. */
  @Test
  void codeMadeAtRunTimeNeedsAPerfMapAndThenNothing() {
    assertThat(notes(Map.of("[anon]", 400L)))
        .anyMatch(n -> n.contains("40.0%") && n.contains("perf-basic-prof"))
        .noneMatch(n -> n.contains("-dbg"));
    assertThat(notes(Map.of("perf-4711.map", 400L))).hasSize(1);
  }
}
