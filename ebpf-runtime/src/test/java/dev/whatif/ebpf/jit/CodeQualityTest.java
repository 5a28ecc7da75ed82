package dev.whatif.ebpf.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.conformance.ConformanceCase;
import dev.whatif.ebpf.isa.Assembler;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.isa.SuiteCases;
import dev.whatif.testing.Objdump;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What patterns of BPF become, as objdump reads it. */
@Requires(Requirement.BINUTILS)
class CodeQualityTest {

  private List<String> compiled(String text) {
    Code code = Assembler.assemble("test", text.replace(";", "\n"), Dialect.LLVM);
    byte[] bytes = new JitCompiler(code, Set.of(CpuFeature.BMI2)).compile().bytes();
    return Objdump.read(bytes, 0);
  }

  @Test
  void anAddressBecomesPartOfTheLoad() {
    assertThat(compiled("r0 = r2; r0 <<= 3; r0 += r1; r0 = *(u64 *)(r0 + 16); exit"))
        .containsExactly("mov rax,QWORD PTR [rdi+rsi*8+0x10]", "ret");
  }

  @Test
  void moveAndAddAreOne() {
    assertThat(compiled("r0 = r1; r0 += r2; r0 += -5; exit"))
        .containsExactly("lea rax,[rdi+rsi*1-0x5]", "ret");
  }

  @Test
  void twoShiftsAreARotation() {
    assertThat(compiled("r0 = r1; r0 <<= 13; r1 >>= 51; r0 |= r1; exit"))
        .containsExactly("rorx rax,rdi,0x33", "ret");
    assertThat(compiled("w0 = w1; w0 >>= 27; w1 <<= 5; w0 ^= w1; exit"))
        .containsExactly("rorx eax,edi,0x1b", "ret");
  }

  @Test
  void shiftsToAndFroExtend() {
    assertThat(compiled("r1 <<= 32; r1 s>>= 32; r0 = r1; exit"))
        .containsExactly("movsxd rdi,edi", "mov rax,rdi", "ret");
    assertThat(compiled("r1 <<= 32; r1 >>= 32; r0 = r1; exit"))
        .containsExactly("mov eax,edi", "ret");
  }

  @Test
  void aMaskIsATest() {
    assertThat(compiled("w0 = 1; w2 = w1; w2 &= 64; if w2 == 0 goto +1; w0 = 2; exit"))
        .contains("test dil,0x40");
  }

  @Test
  void aBranchOverAMoveIsAMove() {
    assertThat(compiled("r0 = r1; if r1 > r2 goto +1; r0 = r2; exit"))
        .containsExactly("mov rax,rdi", "cmp rdi,rsi", "cmovbe rax,rsi", "ret");
  }

  @Test
  void memoryIsChangedInPlace() {
    assertThat(compiled("w3 = *(u32 *)(r1 + 4); w3 += 1; *(u32 *)(r1 + 4) = w3; r0 = 0; exit"))
        .contains("inc DWORD PTR [rdi+0x4]");
  }

  @Test
  void divisionByAConstantMultiplies() {
    assertThat(compiled("w0 = w1; w0 /= 10; exit")).noneMatch(l -> l.startsWith("div"));
    assertThat(compiled("r0 = r1; r0 /= 1000; exit")).noneMatch(l -> l.startsWith("div"));
  }

  @Test
  void whatNeedsNoFrameHasNone() {
    assertThat(compiled("r0 = r1; exit")).containsExactly("mov rax,rdi", "ret");
    assertThat(compiled("*(u64 *)(r10 - 8) = r1; r0 = *(u64 *)(r10 - 8); exit"))
        .containsExactly("mov r9,rdi", "mov rax,r9", "ret");
  }

  @Test
  void objdumpUnderstandsEveryByte() {
    List<ConformanceCase> cases = SuiteCases.good().filter(ConformanceCase::hasAsm).toList();
    assertThat(cases).isNotEmpty();
    List<CompiledCode> all = new java.util.ArrayList<>();
    for (ConformanceCase c : cases) {
      all.add(new JitCompiler(c.assembled(), CpuFeature.ofThisMachine()).compile());
    }
    for (int seed = 0; seed < 200; seed++) {
      all.add(new JitCompiler(RandomCode.of(seed, 40), CpuFeature.ofThisMachine()).compile());
    }
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (CompiledCode code : all) {
      int end =
          code.literals().stream()
              .map(Literal::offset)
              .min(Comparator.naturalOrder())
              .orElse(code.bytes().length);
      bytes.write(code.bytes(), 0, end);
    }
    List<String> lines = Objdump.read(bytes.toByteArray(), 0);
    assertThat(lines).hasSizeGreaterThan(5000).noneMatch(l -> l.contains("(bad)"));
  }
}
