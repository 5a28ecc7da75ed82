package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SeccompFilterProperties {

  private static final int ALLOW = 0x7fff_0000;

  private static byte[] program(int[]... instructions) {
    ByteBuffer b = ByteBuffer.allocate(instructions.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int[] i : instructions) {
      b.putShort((short) i[0]).put((byte) i[1]).put((byte) i[2]).putInt(i[3]);
    }
    return b.array();
  }

  private static int evaluate(int[]... instructions) {
    return new SeccompFilter(program(instructions))
        .evaluate(SeccompFilter.data(new RemoteCall("mmap", 9, 0x1_0000_0002L, 7), 0x4000));
  }

  @Property(tries = 5000)
  void anyBytesEndInBoundedTime(@ForAll @Size(max = 400) byte[] bytes) {
    try {
      new SeccompFilter(bytes).evaluate(SeccompFilter.data(new RemoteCall("close", 3, 1), 0));
    } catch (BadDataException e) {
      assertThat(e.getMessage()).startsWith("seccomp filter: ");
    }
  }

  @Property
  void aNumberIsComparedUnsigned(@ForAll int a, @ForAll int b) {
    int verdict =
        evaluate(
            new int[] {0x00, 0, 0, a},
            new int[] {0x25, 0, 1, b},
            new int[] {0x06, 0, 0, 1},
            new int[] {0x06, 0, 0, 2});
    assertThat(verdict).isEqualTo(Integer.compareUnsigned(a, b) > 0 ? 1 : 2);
  }

  @Property
  void arithmeticIsThatOfTheKernel(
      @ForAll int a, @ForAll int b, @ForAll @IntRange(max = 5) int which) {
    int[] ops = {0x04, 0x14, 0x24, 0x44, 0x54, 0xa4};
    int[] expected = {a + b, a - b, a * b, a | b, a & b, a ^ b};
    assertThat(
            evaluate(
                new int[] {0x00, 0, 0, a},
                new int[] {ops[which], 0, 0, b},
                new int[] {0x16, 0, 0, 0}))
        .isEqualTo(expected[which]);
    // the same with the operand in x, kept in scratch memory on the way
    assertThat(
            evaluate(
                new int[] {0x00, 0, 0, b},
                new int[] {0x02, 0, 0, 5},
                new int[] {0x61, 0, 0, 5},
                new int[] {0x00, 0, 0, a},
                new int[] {ops[which] | 8, 0, 0, 0},
                new int[] {0x16, 0, 0, 0}))
        .isEqualTo(expected[which]);
  }

  @Example
  void theFieldsOfTheCallAreWhereTheKernelPutsThem() {
    int[] result = {0x16, 0, 0, 0};
    assertThat(evaluate(new int[] {0x20, 0, 0, 0}, result)).isEqualTo(9);
    assertThat(evaluate(new int[] {0x20, 0, 0, 4}, result)).isEqualTo(0xc000003e);
    assertThat(evaluate(new int[] {0x20, 0, 0, 8}, result)).isEqualTo(0x4000);
    assertThat(evaluate(new int[] {0x20, 0, 0, 16}, result)).isEqualTo(2);
    assertThat(evaluate(new int[] {0x20, 0, 0, 20}, result)).isEqualTo(1);
    assertThat(evaluate(new int[] {0x20, 0, 0, 24}, result)).isEqualTo(7);
    assertThat(evaluate(new int[] {0x80, 0, 0, 0}, result)).isEqualTo(64);
  }

  @Example
  void divisionByZeroKillsAndOnlyAPlainAllowAllows() {
    assertThat(evaluate(new int[] {0x00, 0, 0, 8}, new int[] {0x3c, 0, 0, 0})).isZero();
    RemoteCall call = new RemoteCall("close", 3, 1);
    for (int action : new int[] {ALLOW, ALLOW | 5}) {
      assertThat(new SeccompFilter(program(new int[] {6, 0, 0, action})).allows(call, 0)).isTrue();
    }
    for (int action : new int[] {0, 0x7ffc0000, 0x7ff00000, 0x50001, 0x30000, 0x80000000}) {
      assertThat(new SeccompFilter(program(new int[] {6, 0, 0, action})).allows(call, 0)).isFalse();
    }
  }
}
