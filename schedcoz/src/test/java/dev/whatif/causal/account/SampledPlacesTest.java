package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.process.ProcMaps;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where samples fall, while thousands of mappings come and go. */
@Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
class SampledPlacesTest {

  @Test
  void eachSampleIsInTheLoopThatRan() throws IOException {
    Path file = Files.createTempFile(Programs.folder("mappings"), "code", "");
    long inode = (Long) Files.getAttribute(file, "unix:ino");
    try (Obedient program = Obedient.start("mappings.c", file.toString());
        Accounting accounting = Accounting.start(AccountingOptions.DEFAULT.withPeriod(100_000))) {
      accounting.admit(program.pid());
      accounting.note(true);
      long earlier = 0;
      for (int page : List.of(0, 1, 2, 749, 750, 1498, 1499, 333, 1024, 77)) {
        String[] loop = program.ask("" + page).split(" ");
        long total = 0;
        long here = 0;
        for (CodeCount count : accounting.code()) {
          if (count.inode() == inode) {
            total += count.samples();
            if (count.offset() >= Long.parseLong(loop[0])
                && count.offset() < Long.parseLong(loop[1])) {
              here += count.samples();
            }
          }
        }
        assertThat(here).as("samples of page %d", page).isGreaterThan(20);
        assertThat(here).as("all of them").isEqualTo(total - earlier);
        earlier = total;
        assertThat(Long.parseLong(loop[2])).as("mappings changed").isPositive();
      }
      assertThat(ProcMaps.read(program.pid())).hasSizeGreaterThan(2000);
      Totals totals = accounting.totals();
      assertThat(totals.unplaced()).as("of %s", totals).isZero();
      assertThat(totals.lostPlaces()).isZero();
    } finally {
      Files.delete(file);
    }
  }
}
