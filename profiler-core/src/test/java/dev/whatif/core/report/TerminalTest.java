package dev.whatif.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

  @Test
  void columnsOfTheUserWinOverTheTerminalsAndAFileHasAHundred() {
    assertThat(Terminal.of(Map.of(), -1)).isEqualTo(Terminal.plain());
    assertThat(Terminal.of(Map.of(), 132)).isEqualTo(new Terminal(132, true));
    assertThat(Terminal.of(Map.of(), 0)).isEqualTo(new Terminal(100, true));
    assertThat(Terminal.of(Map.of("COLUMNS", "72"), 132).columns()).isEqualTo(72);
    assertThat(Terminal.of(Map.of("COLUMNS", "many"), 132).columns()).isEqualTo(132);
    assertThat(Terminal.of(Map.of("COLUMNS", "3"), 132).columns()).isEqualTo(40);
  }

  @Test
  void coloursAreForTerminalsThatWantThem() {
    assertThat(Terminal.of(Map.of("NO_COLOR", "1"), 80).colour()).isFalse();
    assertThat(Terminal.of(Map.of("NO_COLOR", ""), 80).colour()).isTrue();
    assertThat(Terminal.of(Map.of("TERM", "dumb"), 80).colour()).isFalse();
    assertThat(new Terminal(80, false).strong("x")).isEqualTo("x");
    assertThat(new Terminal(80, true).strong("x")).isEqualTo("\u001b[1mx\u001b[0m");
  }

  @Test
  void longNamesKeepBothEndsAndPathsTheirEnd() {
    assertThat(Terminal.elideMiddle("abcdefghij", 10)).isEqualTo("abcdefghij");
    assertThat(Terminal.elideMiddle("abcdefghij", 7)).hasSizeLessThanOrEqualTo(7).startsWith("abc");
    assertThat(Terminal.elideMiddle("abcdefghij", 7)).endsWith("ij");
    assertThat(Terminal.elidePath("/a/very/long/way/to/file.c:12", 18))
        .hasSizeLessThanOrEqualTo(18)
        .endsWith("/to/file.c:12");
  }

  @Test
  void whatATerminalWouldActOnIsReplaced() {
    assertThat(Terminal.clean("a\u001b[31mb\nc\u202ed")).isEqualTo("a?[31mb?c?d");
    assertThat(Terminal.clean("naïve::<fn>")).isEqualTo("naïve::<fn>");
  }
}
