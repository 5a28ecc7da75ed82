package dev.whatif.core.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** What {@link Bpf} relies on: attributes may be longer than the kernel knows. */
@Requires({Requirement.ROOT, Requirement.BPF})
class BpfTest {

  private static final int LONGER_THAN_ANY_KERNELS = 4096;

  @Test
  void anAttributeFromTheFutureIsTakenWhereItsNewFieldsAreZero() {
    try (Arena arena = Arena.ofConfined()) {
      BpfMapAttr map = new BpfMapAttr(arena).type(2 /* ARRAY */, "future").sizes(4, 8, 1);
      MemorySegment longer = arena.allocate(LONGER_THAN_ANY_KERNELS, 8);
      longer.copyFrom(map.segment());

      int fd = Bpf.tryCall(BpfCommand.BPF_MAP_CREATE, longer);
      assertThat(fd).isPositive();
      Unistd.close(fd);

      longer.set(ValueLayout.JAVA_INT, LONGER_THAN_ANY_KERNELS - 4, 1);
      assertThat(Bpf.tryCall(BpfCommand.BPF_MAP_CREATE, longer)).isEqualTo(-Errno.E2BIG.value());
    }
  }
}
