package dev.whatif.ebpf.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.kernel.TestRun;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import dev.whatif.testing.RequiresHook;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.statistics.Statistics;

/** Compiled code does to memory what the kernel's compiled code does. */
@Requires({Requirement.ROOT, Requirement.BPF})
@AddLifecycleHook(RequiresHook.class)
class AgainstKernelProperties {

  /** XDP around a program on memory: its packet is that memory. */
  private static byte[] onPacket(Code code) {
    byte[] body = code.bytes();
    Slot[] entry = {
      new Slot(0x61, 2, 1, (short) 4, 0), // r2 = data_end
      new Slot(0x61, 1, 1, (short) 0, 0), // r1 = data
      new Slot(0xbf, 3, 1, (short) 0, 0), // r3 = r1
      new Slot(0x07, 3, 0, (short) 0, RandomCode.MEMORY_BYTES), // r3 += bytes
      new Slot(0xbd, 3, 2, (short) 2, 0), // if r3 <= r2 goto +2
      new Slot(0xb7, 0, 0, (short) 0, 0), // r0 = 0
      new Slot(0x95, 0, 0, (short) 0, 0) // exit
    };
    byte[] all = new byte[entry.length * Slot.BYTES + body.length];
    for (int i = 0; i < entry.length; i++) {
      entry[i].put(all, i);
    }
    System.arraycopy(body, 0, all, entry.length * Slot.BYTES, body.length);
    return all;
  }

  /** The verifier wants a packet's address to stay one: scalars only are loaded from it. */
  @Property(tries = 400)
  void likeTheKernel(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int length) {
    Code code = RandomCode.forKernel(seed, length);
    byte[] memory = RandomCode.memory(seed);
    try (KernelProgram program =
        KernelProgram.load(new ProgramSpec("random", ProgramType.XDP, onPacket(code)))) {
      Statistics.collect("accepted");
      TestRun run = program.testRun(new TestInput().data(memory.clone(), 0));
      long r0 = Runs.run(code, memory);
      assertThat(memory).as("%s", code).isEqualTo(run.data());
      assertThat((int) r0).isEqualTo(run.returned());
    } catch (BadDataException e) {
      Statistics.collect("refused");
    }
    Statistics.coverage(c -> c.check("accepted").percentage(p -> p > 70));
  }

  /** Registers that a program does not write hold what they held: asked of r6 to r9. */
  @Property(tries = 200)
  void callersRegistersSurviveFunctions(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int length) {
    List<Instruction> body = new ArrayList<>(RandomCode.of(seed, length).instructions());
    Code alone = Code.of(body);
    byte[] expected = RandomCode.memory(seed);
    long r0 = Evaluation.of(alone, expected);
    Code called =
        Code.build(b -> {
          var function = b.label("function");
          for (int i = 6; i <= 9; i++) {
            b.load64(Register.of(i), 0x1111_2222_3333_4444L * i);
          }
          b.store(MemorySize.DOUBLE, Register.R10, -8, 7);
          b.callLocal(function);
          for (int i = 6; i <= 9; i++) {
            var good = b.label("good");
            b.load64(Register.R1, 0x1111_2222_3333_4444L * i);
            b.branch(dev.whatif.ebpf.isa.Condition.EQUAL, Register.R1, Register.of(i), good);
            b.load64(Register.R0, 0xbad).exit().bind(good);
          }
          var kept = b.label("kept");
          b.load(MemorySize.DOUBLE, Register.R1, Register.R10, -8);
          b.branch(dev.whatif.ebpf.isa.Condition.EQUAL, Register.R1, 7, kept);
          b.load64(Register.R0, 0xbad).bind(kept).exit();
          b.bind(function);
          body.forEach(b::add);
        });
    byte[] memory = RandomCode.memory(seed);
    assertThat(Runs.run(called, memory)).as("%s", alone).isEqualTo(r0);
    assertThat(memory).isEqualTo(expected);
  }
}
