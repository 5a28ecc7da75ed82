package dev.whatif.core.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** objdump says what was emitted. */
@Requires(Requirement.BINUTILS)
class EmitterTest {

  private static final long BASE = 0x40_0000;

  @TempDir Path folder;

  private List<String> disassembled(Emitter e) throws Exception {
    Path file = Files.write(folder.resolve("code"), e.bytes());
    List<String> result = new ArrayList<>();
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
            "--adjust-vma=0x" + Long.toHexString(BASE),
            file.toString())
        .lines()
        .filter(l -> l.matches(" +[0-9a-f]+:\t.*"))
        .forEach(l -> result.add(l.substring(l.indexOf('\t') + 1).strip().replaceAll(" +", " ")));
    return result;
  }

  @Test
  void everyRegisterIsMovedLoadedAndStored() throws Exception {
    Emitter e = new Emitter(BASE);
    List<String> expected = new ArrayList<>();
    for (Register r : Register.values()) {
      String name = r.name().toLowerCase(Locale.ROOT);
      String half = r.ordinal() < 8 ? "e" + name.substring(1) : name + "d"; // the low 32 bits of it
      long next = e.address() + 7;
      e.load(r, BASE + 0x1000).store(BASE + 0x1008, r).loadAddress(r, BASE + 0x1010);
      expected.add("mov %s,QWORD PTR [rip+0x%x] # 0x401000".formatted(name, 0x401000 - next));
      expected.add("mov QWORD PTR [rip+0x%x],%s # 0x401008".formatted(0x401001 - next, name));
      expected.add("lea %s,[rip+0x%x] # 0x401010".formatted(name, 0x401010 - 14 - next));
      e.move(r, 0xdead_beefL).move(r, -2).move(r, 0x1234_5678_9abc_def0L).move(r, Register.R9);
      expected.add("mov " + half + ",0xdeadbeef");
      expected.add("mov " + name + ",0xfffffffffffffffe");
      expected.add("movabs " + name + ",0x123456789abcdef0");
      expected.add("mov " + name + ",r9");
      e.compare(r, -4);
      expected.add("cmp " + name + ",0xfffffffffffffffc");
    }
    // compare has a shorter form for rax, which objdump shows alike
    assertThat(disassembled(e)).containsExactlyElementsOf(expected);
  }

  @Test
  void everyRegisterIsABaseAndCountsAndAdds() throws Exception {
    Emitter e = new Emitter(BASE);
    List<String> expected = new ArrayList<>();
    for (Register r : Register.values()) {
      String name = r.name().toLowerCase(Locale.ROOT);
      e.load(Register.R9, r, 0x168).loadAddress(r, Register.R12, 0x20);
      expected.add("mov r9,QWORD PTR [%s+0x168]".formatted(name));
      expected.add("lea %s,[r12+0x20]".formatted(name));
      e.store32(r, 0x10, 7).compare32(r, 0x10, 1).compare(r, Register.RBP, 8);
      expected.add("mov DWORD PTR [%s+0x10],0x7".formatted(name));
      expected.add("cmp DWORD PTR [%s+0x10],0x1".formatted(name));
      expected.add("cmp %s,QWORD PTR [rbp+0x8]".formatted(name));
      e.shiftRight(r, 4).shiftLeft(r, 6).and(r, 0xfff).add(r, Register.RDX);
      expected.add("shr %s,0x4".formatted(name));
      expected.add("shl %s,0x6".formatted(name));
      expected.add("and %s,0xfff".formatted(name));
      expected.add("add %s,rdx".formatted(name));
    }
    assertThat(disassembled(e).stream().map(l -> l.replace("+0x0]", "]")).toList())
        .containsExactlyElementsOf(expected);
  }

  @Test
  void jumpsFindTheirLabelsForwardsAndBackwards() throws Exception {
    Emitter e = new Emitter(BASE);
    Label back = new Label();
    Label out = new Label();
    e.bind(back).atomicIncrement(BASE + 0x2000).jumpIf(Condition.EQUAL, out).jump(back).bind(out);
    e.syscall().jumpThrough(BASE + 0x3000).ret();
    assertThat(disassembled(e))
        .containsExactly(
            "lock inc QWORD PTR [rip+0x1ff8] # 0x402000",
            "je 0x400013",
            "jmp 0x400000",
            "syscall",
            "jmp QWORD PTR [rip+0x2fe5] # 0x403000",
            "ret");
  }

  @Test
  void everyConditionHasItsNumber() throws Exception {
    Emitter e = new Emitter(BASE);
    Label here = new Label();
    e.bind(here);
    for (Condition c : Condition.values()) {
      e.jumpIf(c, here);
    }
    assertThat(disassembled(e).stream().map(l -> l.split(" ")[0]))
        .containsExactly(
            "jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja", "js", "jns", "jp", "jnp", "jl",
            "jge", "jle", "jg");
  }

  @Test
  void growsAndAligns() {
    Emitter e = new Emitter(BASE);
    for (int i = 0; i < 1000; i++) {
      e.syscall();
    }
    e.ret().align(16).number64(0x0102_0304_0506_0708L).data(new byte[600]);
    assertThat(e.bytes()).hasSize(2016 + 8 + 600);
    assertThat(e.bytes()[2001]).isEqualTo((byte) 0xcc);
    assertThat(e.bytes()[2016]).isEqualTo((byte) 8);
  }

  @Test
  void whatIsOutOfReachIsRefused() {
    assertThatThrownBy(() -> new Emitter(BASE).load(Register.RAX, BASE + (1L << 32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 GiB");
  }
}
