package dev.whatif.ebpf.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Requires({Requirement.CLANG_19, Requirement.LLVM_19})
class DisasmCommandTest {

  private static final Pattern OBJDUMP =
      Pattern.compile("\\s*([0-9]+):\\t((?:[0-9a-f]{2} )*[0-9a-f]{2})\\t(.*)");

  private static Path object(String source, String target, String... flags) {
    String name = source + "-" + target + String.join("", flags) + ".o";
    Path object = Programs.folder("disasm").resolve(name);
    List<String> command =
        new ArrayList<>(List.of("clang-19", "-target", target, "-O2", "-mcpu=v3", "-g"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-c", Path.of("src", "test", "bpf", source).toString()));
    command.addAll(List.of("-o", object.toString()));
    Programs.run(command.toArray(String[]::new));
    return object;
  }

  @ParameterizedTest
  @CsvSource({"disasm.c, -DNOTHING", "isa.c, -DATOMICS", "kinds.c, -w"})
  void everyInstructionReadsAsLlvmObjdumpSays(String source, String flag) {
    Path object = object(source, "bpf", flag);
    List<String> expected = new ArrayList<>();
    String listing = Programs.run("llvm-objdump-19", "-d", "--mcpu=v4", object.toString());
    for (String line : listing.lines().toList()) {
      Matcher m = OBJDUMP.matcher(line);
      if (m.matches()) {
        expected.add(m.group(1) + " " + m.group(2).replace(" ", "") + " " + m.group(3));
      }
    }
    CommandRun run = CommandRun.of("bpf", "disasm", "--json", object);
    assertThat(run.exitCode()).isZero();
    List<String> ours = new ArrayList<>();
    for (JsonNode section : new JsonMapper().readTree(run.out()).get("sections")) {
      for (JsonNode i : section.get("instructions")) {
        ours.add(
            i.get("slot").asString()
                + " "
                + i.get("bytes").asString()
                + " "
                + i.get("text").asString());
      }
    }
    assertThat(ours).isEqualTo(expected).hasSizeGreaterThan(20);
  }

  @Test
  void sectionsFunctionsLinesAndReferencesAreShown() throws IOException {
    Path object = object("disasm.c", "bpf");
    CommandRun run = CommandRun.of("bpf", "disasm", object);
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    String out = run.out();
    assertThat(out)
        .contains("section .text, ", "section xdp, ", "section syscall, ")
        .contains("\ntwice:\n", "\nseen:\n", "\nfirst:\n", "\nsecond:\n", "\nthird:\n")
        .containsPattern("; disasm\\.c:[0-9]+  return x > limit \\? twice\\(x\\) : 0;")
        .containsPattern("r1 = 0x0 ll +; counters")
        .containsPattern("ll +; limit")
        .containsPattern("ll +; total")
        .containsPattern("ll +; hidden\n")
        .containsPattern("call 0x1(\n| +; bpf_map_lookup_elem\n)")
        .containsPattern("call -0x1 +; seen")
        .containsPattern("call [-0-9a-fx]+ +; twice")
        .containsPattern("call -0x1 +; from_the_kernel")
        .containsPattern("if r0 == 0x0 goto \\+0x[0-9a-f]+ <first\\+0x[0-9a-f]+>");
    assertThat(out).as("no colours in a pipe").doesNotContain("\u001b");
    // The order of the lines is that of the source's compiler: a line stands before its code.
    List<String> lines = out.lines().toList();
    int call =
        lines.indexOf(lines.stream().filter(l -> l.contains("; seen")).findFirst().orElseThrow());
    assertThat(lines.subList(call - 4, call))
        .anyMatch(l -> l.contains("__sync_fetch_and_add(value, seen(*value));"));
  }

  @Test
  void oneSectionItsBytesAndTheOtherSyntax() {
    Path object = object("disasm.c", "bpf");
    CommandRun run =
        CommandRun.of(
            "bpf", "disasm", object, "--section", "syscall", "--raw", "--syntax", "conformance");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().filter(l -> l.startsWith("section")))
        .singleElement()
        .asString()
        .startsWith("section syscall");
    assertThat(run.out())
        .containsPattern("0:  18 01 00 00 00 00 00 00  lddw %r1, 0x0 +; total\n +00 00 00 00")
        .contains("95 00 00 00 00 00 00 00  exit");
  }

  @Test
  void jsonNamesFunctionsSourcesVersionsAndTargets() {
    JsonNode root =
        new JsonMapper()
            .readTree(CommandRun.of("bpf", "disasm", object("disasm.c", "bpf"), "--json").out());
    assertThat(root.get("schema").asString()).isEqualTo("whatif.bpf.disasm/1");
    JsonNode xdp =
        StreamSupport.stream(root.get("sections").spliterator(), false)
            .filter(s -> s.get("name").asString().equals("xdp"))
            .findFirst()
            .orElseThrow();
    assertThat(xdp.get("functions").get(0).get("name").asString()).isEqualTo("first");
    assertThat(xdp.get("functions").get(0).get("slots").asInt())
        .isEqualTo(xdp.get("functions").get(1).get("slot").asInt());
    List<JsonNode> instructions = new ArrayList<>();
    xdp.get("instructions").forEach(instructions::add);
    assertThat(instructions.getFirst().get("source").get("file").asString()).endsWith("disasm.c");
    assertThat(instructions).anyMatch(i -> i.has("targetSlot"));
    assertThat(instructions).allMatch(i -> i.get("needs").asString().matches("v[1-3]"));
    assertThat(instructions)
        .filteredOn(i -> i.has("reference"))
        .extracting(i -> i.get("reference").asString())
        .contains("counters", "seen", "twice");
  }

  @Test
  @Requires(Requirement.KERNEL_BTF)
  void helpersHaveTheNamesThatTheRunningKernelGivesThem() {
    Path object = object("disasm.c", "bpf");
    assertThat(CommandRun.of("bpf", "disasm", object).out())
        .containsPattern("call 0x1 +; bpf_map_lookup_elem\n");
    assertThat(CommandRun.of("bpf", "disasm", object, "--json").out())
        .contains("\"helper\" : \"bpf_map_lookup_elem\"");
  }

  @Test
  void whatIsNoBpfObjectIsRefusedWithTheWayOut() throws IOException {
    Path text = Files.writeString(Programs.folder("disasm").resolve("text.o"), "hello");
    check(CommandRun.of("bpf", "disasm", text), 5, "not an ELF file", "clang -target bpf");
    Path big = object("disasm.c", "bpfeb");
    check(CommandRun.of("bpf", "disasm", big), 5, "big-endian", "-target bpfel");
    check(CommandRun.of("bpf", "disasm", "/bin/true"), 5, "not a BPF object", "clang -target bpf");
    check(CommandRun.of("bpf", "disasm", Programs.folder("disasm")), 5, "is a folder", "");
    check(CommandRun.of("bpf", "disasm", "nowhere.o"), 2, "there is no file nowhere.o", "");
    check(
        CommandRun.of("bpf", "disasm", object("disasm.c", "bpf"), "--section", "tc"),
        2,
        "no code in a section 'tc'",
        ".text, xdp, syscall");
  }

  private static void check(CommandRun run, int exitCode, String message, String remedy) {
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("whatif: ").contains(message, remedy);
  }

  /** One bad instruction does not hide the others. */
  @Test
  void whatIsNoInstructionIsShownAmongTheOthersAndTold() throws IOException {
    byte[] bytes = Files.readAllBytes(object("disasm.c", "bpf"));
    int exit = indexOf(bytes, new byte[] {(byte) 0x95, 0, 0, 0, 0, 0, 0, 0});
    bytes[exit] = (byte) 0xff;
    Path damaged = Files.write(Programs.folder("disasm").resolve("damaged.o"), bytes);
    CommandRun run = CommandRun.of("bpf", "disasm", damaged);
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.out()).contains("<unknown>", "opcode 0xff is none of", "\nthird:\n");
    assertThat(run.err()).contains("damaged.o: section .text: slot ", "opcode 0xff");
  }

  @Test
  void damagedFilesEndInAListingOrInAnErrorWithItsPlace() throws IOException {
    byte[] bytes = Files.readAllBytes(object("disasm.c", "bpf"));
    Random random = new Random(3);
    Path damaged = Programs.folder("disasm").resolve("fuzz.o");
    for (int round = 0; round < 150; round++) {
      byte[] copy = bytes.clone();
      for (int i = random.nextInt(8); i >= 0; i--) {
        copy[random.nextInt(copy.length)] = (byte) random.nextInt();
      }
      Files.write(damaged, copy);
      CommandRun run = CommandRun.of("bpf", "disasm", damaged);
      assertThat(run.exitCode()).as(run.err()).isIn(0, 5);
      assertThat(run.err()).doesNotContain("defect");
    }
  }

  @Test
  void theGroupAndItsCommandsExplainThemselves() {
    assertThat(CommandRun.of("bpf").out()).contains("Usage: whatif bpf", "disasm");
    assertThat(CommandRun.of("bpf", "--help").out()).contains("whatif bpf disasm probe.bpf.o");
    CommandRun help = CommandRun.of("bpf", "disasm", "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: whatif bpf disasm", "--syntax", "Examples:");
    assertThat(CommandRun.of("bpf", "disasm").exitCode()).isEqualTo(2);
    CommandRun syntax = CommandRun.of("bpf", "disasm", "x.o", "--syntax", "intel");
    assertThat(syntax.exitCode()).isEqualTo(2);
    assertThat(syntax.err()).contains("one of llvm, conformance");
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i += 8) {
      if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }
}
