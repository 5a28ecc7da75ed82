package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.map.code.MapCode;
import dev.whatif.ebpf.map.code.MapRoutine;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine code as somebody else reads it. */
@Requires(Requirement.BINUTILS)
class MapCodeTest {

  private static final Set<String> INSTRUCTIONS =
      Set.of(
          "mov",
          "movabs",
          "movzx",
          "lea",
          "add",
          "sub",
          "and",
          "or",
          "xor",
          "cmp",
          "test",
          "imul",
          "mul",
          "div",
          "shl",
          "shr",
          "push",
          "pop",
          "call",
          "ret",
          "jmp",
          "je",
          "jne",
          "ja",
          "jae",
          "jb",
          "js",
          "int3",
          "lock cmpxchg",
          "lock xadd",
          "lock inc");

  @TempDir Path folder;

  @Test
  void objdumpUnderstandsAllOfIt() throws Exception {
    MapCode code = MapCode.emit();
    Path file = Files.write(folder.resolve("code"), code.bytes());
    List<String> lines =
        Programs.run(
                "objdump",
                "-D",
                "-b",
                "binary",
                "-m",
                "i386:x86-64",
                "-M",
                "intel",
                "--no-show-raw-insn",
                file.toString())
            .lines()
            .filter(l -> l.matches(" +[0-9a-f]+:\t.*"))
            .toList();
    for (String line : lines) {
      String text = line.substring(line.indexOf('\t') + 1).strip();
      String[] words = text.split(" +");
      String name = words[0].equals("lock") ? words[0] + " " + words[1] : words[0];
      assertThat(INSTRUCTIONS).as(line).contains(name);
      assertThat(text).doesNotContainPattern("mm[0-9]|st\\(|[cdefgs]s:");
    }
    Set<Integer> begins =
        lines.stream()
            .map(l -> Integer.parseInt(l.strip().split(":")[0], 16))
            .collect(Collectors.toSet());
    assertThat(begins).containsAll(code.offsets().values());
    for (MapRoutine routine : MapRoutine.values()) {
      assertThat(code.offset(routine) % 32).as("%s", routine).isZero();
    }
    assertThat(code.bytes().length).isLessThan(4 * 4096);
    assertThat(Arrays.equals(MapCode.emit().bytes(), code.bytes())).isTrue();
  }
}
