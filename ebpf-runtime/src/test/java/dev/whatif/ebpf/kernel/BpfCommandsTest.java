package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.command.Main;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Requires({Requirement.ROOT, Requirement.BPF})
class BpfCommandsTest {

  private record Run(int exitCode, String out, String err) {

    static Run of(String... arguments) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      CommandLine line = Main.commandLine();
      line.setOut(new PrintWriter(out, true));
      line.setErr(new PrintWriter(err, true));
      return new Run(line.execute(arguments), out.toString(), err.toString());
    }
  }

  @Test
  void loadTellsWhatIsWhereAndDumpsByType() {
    long before = KernelObjects.openDescriptors();
    String file = KernelObjects.file("commands").toString();
    Run run = Run.of("bpf", "load", file, "--dump-maps", "-d", "50ms");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("attached to what count was loaded for", "not attached")
        .containsPattern("map \\.data:\\s+\\{limit = 5\\}")
        .containsPattern("map tasks:\\s+\\d+: \\{times = \\d+, comm = \"");
    assertThat(KernelObjects.openDescriptors()).isEqualTo(before);
  }

  @Test
  void runGivesWhatTheProgramReturnsAsJson() {
    String file = KernelObjects.file("commands").toString();
    Run run =
        Run.of("bpf", "run", file, "--program", "twice", "--mem", "1500000000000000", "--json");
    assertThat(run.err()).isEmpty();
    JsonNode root = new JsonMapper().readTree(run.out());
    assertThat(root.get("schema").asString()).isEqualTo("whatif.bpf.run/1");
    assertThat(root.get("r0").asLong()).isEqualTo(42);
  }

  @Test
  void aRefusalIsPrintedWithItsSource() {
    Run run = Run.of("bpf", "load", KernelObjects.file("refused").toString());
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("return *value; // may be null", "refused.c:17");
  }

  @Test
  void severalProgramsAreAChoiceForTheUser() {
    Run run = Run.of("bpf", "run", KernelObjects.file("commands").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--program", "twice", "count");
  }
}
