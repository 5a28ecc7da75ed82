package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.ebpf.conformance.ConformanceCase;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel makes of the conformance suite's programs: those that its verifier accepts. */
@Requires({Requirement.ROOT, Requirement.BPF})
class ConformanceOnKernelTest {

  private static final int SMALLEST_PACKET = 14;

  /** Cases use helpers of their own by number, read what nobody wrote, or loop for long. */
  private static final int AT_LEAST_ACCEPTED = 120;

  @Test
  void whatTheVerifierAcceptsGivesTheResultOfTheSuite() {
    int accepted = 0;
    List<String> wrong = new ArrayList<>();
    List<ConformanceCase> cases =
        SuiteCases.good().filter(c -> c.hasAsm() && c.sections().containsKey("result")).toList();
    try (KernelMap result = KernelMap.create(new MapSpec("r0", MapType.ARRAY, 4, 8, 1))) {
      for (ConformanceCase c : cases) {
        byte[] memory = c.memory();
        result.update(new byte[4], new byte[8]);
        try (KernelProgram program =
            KernelProgram.load(
                new ProgramSpec(
                    "conformance", ProgramType.XDP, wrapped(c, memory.length, result)))) {
          accepted++;
          program.testRun(
              new TestInput()
                  .data(Arrays.copyOf(memory, Math.max(memory.length, SMALLEST_PACKET)), 0));
          long r0 =
              ByteBuffer.wrap(result.lookup(new byte[4]).orElseThrow())
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .getLong();
          long expected = c.result();
          if (r0 != expected) {
            wrong.add("%s: 0x%x, not 0x%x".formatted(c.name(), r0, expected));
          }
        } catch (WhatifException e) {
          // the verifier wants more than the instruction set does
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(accepted).isGreaterThan(AT_LEAST_ACCEPTED);
  }

  /** The case as a function of (memory, length), and what it returns in a map. */
  private static byte[] wrapped(ConformanceCase c, int length, KernelMap result) {
    byte[] body = c.assembled().bytes();
    Slot[] entry = {
      new Slot(0x61, 2, 1, (short) 0, 0), // r2 = data
      new Slot(0x61, 3, 1, (short) 4, 0), // r3 = data_end
      new Slot(0xbf, 4, 2, (short) 0, 0), // r4 = r2
      new Slot(0x07, 4, 0, (short) 0, length), // r4 += length
      new Slot(0xbd, 4, 3, (short) 2, 0), // if r4 <= r3 goto +2
      new Slot(0xb7, 0, 0, (short) 0, 0), // r0 = 0
      new Slot(0x95, 0, 0, (short) 0, 0), // exit
      new Slot(0xbf, 1, 2, (short) 0, 0), // r1 = r2
      new Slot(0xb7, 2, 0, (short) 0, length), // r2 = length
      new Slot(0x85, 0, Bpf.BPF_PSEUDO_CALL, (short) 0, 5), // call the case
      new Slot(0x18, 1, Bpf.BPF_PSEUDO_MAP_VALUE, (short) 0, result.fd()),
      new Slot(0, 0, 0, (short) 0, 0),
      new Slot(0x7b, 1, 0, (short) 0, 0), // *(u64 *)r1 = r0
      new Slot(0xb7, 0, 0, (short) 0, 2), // r0 = XDP_PASS
      new Slot(0x95, 0, 0, (short) 0, 0)
    };
    byte[] code = Arrays.copyOf(new byte[0], entry.length * Slot.BYTES + body.length);
    for (int i = 0; i < entry.length; i++) {
      entry[i].put(code, i);
    }
    System.arraycopy(body, 0, code, entry.length * Slot.BYTES, body.length);
    return code;
  }
}
