package dev.whatif.ebpf.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.command.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FuzzCommandTest {

  private final StringWriter out = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(new StringWriter(), true));
    return line.execute(arguments);
  }

  @Test
  void countsWhatItDid() {
    int exit =
        run(
            "bpf",
            "fuzz",
            "--seed",
            "3",
            "--programs",
            "40",
            "--engine",
            "INTERPRETER,JIT",
            "--json");
    assertThat(exit).isZero();
    JsonNode report = new JsonMapper().readTree(out.toString());
    assertThat(report.get("schema").asString()).isEqualTo(FuzzCommand.SCHEMA);
    assertThat(report.get("firstSeed").asLong()).isEqualTo(3);
    assertThat(report.get("programs").asLong()).isEqualTo(40);
    assertThat(report.get("accepted").asLong() + report.get("refused").asLong()).isEqualTo(40);
    assertThat(report.get("runs").get("interpreter").asLong())
        .isEqualTo(report.get("accepted").asLong());
    assertThat(report.get("runs").get("kernel").asLong()).isZero();
    assertThat(report.get("findings").size()).isZero();
  }

  @Test
  void endsWhenItsTimeIsOver() {
    assertThat(run("bpf", "fuzz", "-d", "100ms", "--engine", "interpreter,jit")).isZero();
    assertThat(out.toString()).contains("programs from seed", "0 in the kernel; 0 defects");
  }
}
