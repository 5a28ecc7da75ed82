package dev.whatif.causal.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.command.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** {@code whatif report} and {@code whatif export} of a recording with a causal profile. */
class CausalCommandsTest {

  @TempDir static Path folder;
  static Path recording;

  @BeforeAll
  static void record() {
    recording = CausalEventsTest.write(folder.resolve("run.jfr"), ExampleRuns.redis());
  }

  private record Run(int exitCode, String out, String err) {}

  private static Run run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    return new Run(line.execute(texts), out.toString(), err.toString());
  }

  @Test
  void theReportHasTheRanking() {
    assertThat(run("report", recording, "--top", 3).out())
        .contains("throughput of aeProcessEvents", "dictFind", "how far to trust it");
    String json = run("report", recording, "--json").out();
    assertThat(new JsonMapper().readTree(json).at("/causal/regions/0/region").asString())
        .isEqualTo("dictFind");
  }

  @Test
  void thePageIsTheCausalProfile() {
    Path page = folder.resolve("page.html");
    assertThat(run("report", recording, "--html", page).err()).contains("causal profile: " + page);
    assertThat(page).content().contains("Causal profile of redis-server");
    assertThat(run("export", recording, "--format", "causal-html").out())
        .contains("Causal profile of redis-server");
  }

  @Test
  void cozGetsItsProfile() {
    Run coz = run("export", recording, "--format", "coz");
    assertThat(coz.exitCode()).as(coz.err()).isZero();
    assertThat(coz.out()).isEqualTo(CozProfile.text(ExampleRuns.redis()));
    assertThat(coz.err()).contains("Minimum Points");
  }

  @Test
  void aRefusalIsNotExportedAndLeavesNoFile() {
    Path refused = CausalEventsTest.write(folder.resolve("refused.jfr"), ExampleRuns.refused());
    Path out = folder.resolve("refused.coz");
    Run coz = run("export", refused, "--format", "coz", "-o", out);
    assertThat(coz.exitCode()).isEqualTo(2);
    assertThat(coz.err()).contains("limited by arrivals");
    assertThat(out).doesNotExist();
  }

  @Test
  void theFormatsAreListed() {
    assertThat(run("export", "--help").out()).contains("collapsed", "pprof", "coz", "causal-html");
  }
}
