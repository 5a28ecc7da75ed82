package dev.whatif.ebpf.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Division by constants, which becomes a multiplication, is division: Java says so. */
class DivisionProperties {

  private static final AluOperator[] OPERATORS = {AluOperator.DIVIDE, AluOperator.REMAINDER};

  /** Dividends at which a reciprocal that is a little wrong shows: around multiples. */
  private static long[] dividends(long divisor, long random) {
    long most = Long.divideUnsigned(-1, divisor) * divisor;
    long some = Long.divideUnsigned(random, divisor) * divisor;
    long half = Integer.toUnsignedLong(-1) / divisor * divisor;
    return new long[] {
      0,
      1,
      divisor - 1,
      divisor,
      most - 1,
      most,
      -1,
      some - 1,
      some,
      random,
      half - 1,
      half,
      Integer.toUnsignedLong(-1),
      random >>> 32,
      Long.MAX_VALUE,
      Long.MIN_VALUE
    };
  }

  private static Code code(Width width, AluOperator operator, Register dst, long divisor) {
    List<Instruction> code = new ArrayList<>();
    code.add(new Instruction.Load(MemorySize.DOUBLE, false, dst, Register.R1, (short) 0));
    if (width == Width.W32 || divisor == (int) divisor) {
      code.add(new Instruction.Alu(width, operator, dst, new Immediate((int) divisor)));
    } else {
      code.add(new Instruction.LoadImmediate(Register.R5, divisor));
      code.add(new Instruction.Alu(width, operator, dst, Register.R5));
    }
    code.add(new Instruction.Move(Width.W64, Register.R0, dst));
    code.add(new Instruction.Exit());
    return Code.of(code);
  }

  private static void check(Width width, long divisor, long random, Set<CpuFeature> features) {
    for (AluOperator operator : OPERATORS) {
      for (Register dst : new Register[] {Register.R0, Register.R3, Register.R4, Register.R7}) {
        Code code = code(width, operator, dst, divisor);
        CompiledCode compiled = new JitCompiler(code, features).compile();
        try (Runs.Ready ready = Runs.ready(compiled)) {
          for (long x : dividends(divisor, random)) {
            byte[] memory = new byte[8];
            ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).putLong(x);
            assertThat(ready.run(memory))
                .as("0x%x %s 0x%x", x, operator, divisor)
                .isEqualTo(Evaluation.of(code, memory));
          }
        }
      }
    }
  }

  @Provide
  Arbitrary<Long> divisors() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(1, 1000),
        Arbitraries.longs().between(1, Integer.MAX_VALUE),
        Arbitraries.longs().greaterOrEqual(1));
  }

  @Property(tries = 200)
  void of64Bits(@ForAll("divisors") long divisor, @ForAll long random) {
    check(Width.W64, divisor, random, CpuFeature.ofThisMachine());
    check(Width.W64, divisor, random, Set.of());
  }

  @Property(tries = 200)
  void of32Bits(@ForAll int divisor, @ForAll long random) {
    if (divisor != 0) {
      check(Width.W32, Integer.toUnsignedLong(divisor), random, CpuFeature.ofThisMachine());
    }
  }
}
