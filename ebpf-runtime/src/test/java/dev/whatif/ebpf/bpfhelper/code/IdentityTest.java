package dev.whatif.ebpf.bpfhelper.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who runs, and chance. */
class IdentityTest {

  private static final PlacedHelpers HELPERS = PlacedHelpers.place();

  @AfterAll
  static void close() {
    HELPERS.close();
  }

  @Test
  void ofThisThread() {
    try (CalledHelper called = new CalledHelper(HELPERS, 3)) {
      called.invocation.cpu(5).cookie(-7).function(0x1234_5678_9abcL).user(0x7_0000_0008L);
      assertThat(called.call(HelperFunction.GET_CURRENT_PID_TGID))
          .isEqualTo((long) Unistd.getpid() << 32 | ProcTasks.self());
      assertThat(called.call(HelperFunction.GET_CURRENT_UID_GID)).isEqualTo(0x7_0000_0008L);
      assertThat(called.call(HelperFunction.GET_SMP_PROCESSOR_ID)).isEqualTo(5);
      assertThat(called.call(HelperFunction.GET_ATTACH_COOKIE)).isEqualTo(-7);
      assertThat(called.call(HelperFunction.GET_FUNC_IP)).isEqualTo(0x1234_5678_9abcL);
    }
  }

  @Test
  void whatIsRefused() {
    try (CalledHelper called = new CalledHelper(HELPERS, 0)) {
      assertThat(called.call(HelperFunction.GET_STACK)).isEqualTo(-Errno.EFAULT.value());
      assertThat(called.call(HelperFunction.GET_STACKID)).isEqualTo(-Errno.EFAULT.value());
      assertThat(called.call(HelperFunction.PROBE_WRITE_USER)).isEqualTo(-Errno.EPERM.value());
    }
  }

  /** As strscpy_pad(comm, 16) does: cut, ended and filled up with zeros, and nothing behind. */
  @Test
  void nameIsCutAndPadded() {
    try (CalledHelper called = new CalledHelper(HELPERS, 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(64);
      for (String name :
          new String[] {"", "a", "fifteen_letters", "sixteen__letters", "kworker/0"}) {
        called.invocation.name(name);
        for (int size = 1; size < 40; size++) {
          buffer.fill((byte) 0x55);
          long result =
              called.call(HelperFunction.GET_CURRENT_COMM, buffer.address(), 7L << 32 | size);
          assertThat(result).isZero();
          byte[] expected = new byte[64];
          Arrays.fill(expected, (byte) 0x55);
          Arrays.fill(expected, 0, size, (byte) 0);
          byte[] text = name.getBytes(StandardCharsets.US_ASCII);
          System.arraycopy(text, 0, expected, 0, Math.min(Math.min(text.length, 15), size - 1));
          assertThat(buffer.toArray(ValueLayout.JAVA_BYTE))
              .as("%s %d", name, size)
              .isEqualTo(expected);
        }
      }
      assertThat(called.call(HelperFunction.GET_CURRENT_COMM, buffer.address(), 0))
          .isEqualTo(-Errno.EINVAL.value());
    }
  }

  /** Each bit is set half of the time, and there are no more equal ones than by chance. */
  @Test
  void randomNumbersLookRandom() {
    int count = 100_000;
    int[] set = new int[32];
    BitSet high = new BitSet(1 << 16);
    Set<Long> seen = new HashSet<>();
    try (CalledHelper called = new CalledHelper(HELPERS, 0)) {
      for (int i = 0; i < count; i++) {
        long number = called.call(HelperFunction.GET_PRANDOM_U32);
        assertThat(number >>> 32).isZero();
        seen.add(number);
        high.set((int) (number >>> 16));
        for (int bit = 0; bit < 32; bit++) {
          set[bit] += (int) (number >>> bit & 1);
        }
      }
    }
    for (int bit = 0; bit < 32; bit++) {
      assertThat(set[bit])
          .as("bit %d", bit)
          .isBetween(count / 2 - 1000, count / 2 + 1000); // 6 sigma
    }
    assertThat(seen).hasSizeGreaterThan(count - 20); // 1.2 pairs are to be expected
    // 65,536 * (1 - exp(-100,000 / 65,536)) = 51,300
    assertThat(high.cardinality()).isBetween(50_800, 51_800);
  }
}
