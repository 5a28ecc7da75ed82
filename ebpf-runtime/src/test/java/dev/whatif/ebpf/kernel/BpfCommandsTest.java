package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.command.Main;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private static final Path USER_ERRORS = KernelObjects.file("user_errors");

  @Test
  void loadTellsWhatIsWhereAndDumpsByType() {
    long before = KernelObjects.openDescriptors();
    String file = KernelObjects.file("commands").toString();
    Run run = Run.of("bpf", "load", file, "--dump-maps", "-d", "50ms");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^ *\\d+  count +tp_btf/sched_switch +tp_btf/sched_switch, link \\d+$")
        .containsPattern("(?m)^ *\\d+  twice +syscall +no: it runs when asked")
        .containsPattern("(?m)^ *\\d+  tasks +lru_hash +4 B +24 B +64$")
        .containsPattern("bpftool prog show id \\d+\n  bpftool map dump id \\d+\n")
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
    assertThat(root.get("section").asString()).isEqualTo("syscall");
    assertThat(root.get("r0").asLong()).isEqualTo(42);
    assertThat(root.get("contextHex").asString()).isEqualTo("1500000000000000");
    assertThat(root.get("contextChanged").asBoolean()).isFalse();
    assertThat(root.has("meanNanos")).as("syscall programs are not timed").isFalse();
  }

  private static Run run(String program, String... more) {
    List<String> line = new ArrayList<>(List.of("bpf", "run", USER_ERRORS.toString()));
    line.addAll(List.of("--program", program));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  @Test
  void runSaysWhatHasChanged() {
    Run packet = run("change", "--mem", "00112233445566778899aabbccddeeff01");
    assertThat(packet.err()).isEmpty();
    assertThat(packet.out())
        .isEqualTo(
            """
            program    change (xdp)
            returned   3 (0x3, XDP_TX)
            packet     17 bytes, 1 changed:
              0000  00 ee 22 33 44 55 66 77 88 99 aa bb cc dd ee ff
            """);
    assertThat(run("change", "--mem", "00ee2233445566778899aabbccddeeff01", "--repeat", "1000"))
        .satisfies(r ->
            assertThat(r.out())
                .containsPattern("mean time  \\d+ ns of 1,000 runs")
                .contains("17 bytes, unchanged"));
    assertThat(run("fail", "--mem", "0x0700000000000000").out())
        .contains("returned   4294967274 (0xffffffea, -22 if signed)", "08 00 00 00 00 00 00 00");
  }

  @Test
  void runTakesAFileAndRefusesWhatDoesNotSuitTheProgram() throws IOException {
    Path packet = Programs.folder("kernel-objects").resolve("packet.bin");
    Files.write(packet, new byte[14]);
    assertThat(run("change", "--mem", "@" + packet, "--json").exitCode()).isZero();
    check(run("change"), 2, "packet of at least 14 bytes, and has none", "--mem HEX");
    check(run("change", "--mem", "0102"), 2, "and has 2", "--mem HEX");
    check(run("change", "--mem", "xyz"), 2, "not hexadecimal", "two digits a byte");
    check(run("change", "--mem", "@nowhere"), 2, "@nowhere: there is no such file", "");
    check(run("change", "--mem", "@" + packet, "--repeat", "0"), 2, "at least once", "");
    check(run("fail", "--mem", "00", "--repeat", "9"), 2, "runs once per call", "leave --repeat");
    check(run("event"), 3, "no test run for program 'event' (perf_event)", "whatif bpf load");
    check(run("none"), 2, "has no program 'none'", "change (xdp), fail (syscall), event");
  }

  private static void check(Run run, int exitCode, String message, String remedy) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("whatif: ").contains(message, remedy);
  }

  @Test
  void whatCannotBeAttachedIsToldAndKeepsNothingElseFromIt() {
    Run run = Run.of("bpf", "load", USER_ERRORS.toString(), "-d", "50ms");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .containsPattern("change +xdp +no: its section names no interface; try whatif bpf run")
        .containsPattern("event +perf_event +no: its section names no event")
        .containsPattern("elsewhere +kprobe/do_exit +no: see the message")
        .containsPattern("nowhere +raw_tp/no_such_tracepoint +no: see the message")
        .containsPattern("somewhere +raw_tp/sched_switch +raw tracepoint sched_switch, link \\d+");
    assertThat(run.err())
        .contains("this kernel has no raw tracepoint no_such_tracepoint", "list them with");
  }

  @Test
  void whatIsNoObjectOrAsksForTheUnknownIsRefused() throws IOException {
    Path text = Files.writeString(Programs.folder("kernel-objects").resolve("text.o"), "hello");
    for (String command : List.of("load", "run")) {
      check(Run.of("bpf", command, text.toString()), 5, "not an ELF file", "clang -target bpf");
      check(Run.of("bpf", command, "nowhere.o"), 2, "there is no file nowhere.o", "");
      check(Run.of("bpf", command, "."), 5, "is a folder", "");
      check(Run.of("bpf", command, "/bin/true"), 5, "not a BPF object", "clang -target bpf");
    }
    check(
        Run.of("bpf", "load", KernelObjects.file("strange_map").toString()),
        3,
        "map 'strange' is of type 77",
        "use a type from 1");
  }

  @Test
  void everyHelpHasAnExampleAndFitsATerminal() {
    for (String command :
        List.of("bench", "compile", "conformance", "disasm", "fuzz", "load", "run", "verify")) {
      Run run = Run.of("bpf", command, "--help");
      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).contains("\n  whatif bpf " + command + " ");
      assertThat(run.out().lines())
          .as("no line of the text was broken by the width")
          .noneMatch(l -> l.matches("[a-z]+( [a-z]+)?"));
      assertThat(Run.of("bpf", command, "--version").out()).startsWith("whatif ");
    }
    assertThat(Run.of("completion", "bash").out()).contains("disasm", "load", "--dump-maps");
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
