package dev.whatif.samples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** What is compared is the same thing on both sides. */
class PeerComparisonTest {

  /** From perf 6.1: {@code perf script --no-inline --no-demangle -F ip,sym,dso}. */
  private static final String SCRIPT =
      """

      \tffffffff8158c3e1 next_uptodate_folio ([kernel.kallsyms])
      \t            9997 _dl_lookup_symbol_x (/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2)
      \t           1ab77 _start (/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2)


      \t           163ed [unknown] (/usr/lib/x86_64-linux-gnu/libgcc_s.so.1)
      \t            286c _Z4worki (/srv/thr)
      \t          1098eb clone3 (/usr/lib/x86_64-linux-gnu/libc.so.6)


      \t           98ef0 cfree@GLIBC_2.2.5 (/usr/lib/x86_64-linux-gnu/libc.so.6)
      \t    7f31c2a0812d [unknown] ([unknown])


      \t    7f31c2a0812d [unknown] (/tmp/perf-4711.map)

      """;

  @Test
  void stacksOfPerfAreCounted() throws Exception {
    PeerProfile profile = new PeerProfile();
    PerfCommand.parse(new BufferedReader(new StringReader(SCRIPT)), profile);
    assertThat(profile.samples()).isEqualTo(4);
    assertThat(profile.framesEach()).isEqualTo(9 / 4.0);
    assertThat(profile.wholeShare()).isEqualTo(0.5);
    assertThat(profile.self().keySet())
        .containsExactlyInAnyOrder(
            PeerProfile.Function.of("next_uptodate_folio", "[kernel]"),
            PeerProfile.Function.of("[libgcc_s.so.1]+0x163e0", "libgcc_s.so.1"),
            PeerProfile.Function.of("cfree", "libc.so.6"),
            PeerProfile.Function.of("[anon]", "[anon]"));
  }

  /**
   * Two tools that sample the same program 1,000 times differ by at most 4.4 points at one half.
   */
  @Test
  void chanceIsTheErrorOfTwoShares() {
    assertThat(PeerComparison.chance(0.5, 1000, 0.5, 1000)).isCloseTo(0.0438, within(0.0001));
    assertThat(PeerComparison.chance(0, 100, 0, 100)).isZero();
    assertThat(PeerComparison.chance(0.5, 100, 0.5, 100))
        .isGreaterThan(PeerComparison.chance(0.5, 1000, 0.5, 1000));
  }
}
