package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.RawMemory;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stacks and their ids. */
class StackTraceMapTest {

  private final StackTraceMap map =
      (StackTraceMap)
          BpfMap.create(
              Definitions.of(MapKind.STACK_TRACE, 4, 5 * 8, 100), new MapOptions(3, 0, 0));
  private final Arena arena = Arena.ofConfined();
  private final long words = arena.allocate(5 * 8, 8).address();

  @AfterEach
  void close() {
    arena.close();
    map.close();
  }

  private int id(long first, int count, long flags) {
    for (int i = 0; i < count; i++) {
      RawMemory.putLong(words + 8L * i, first + i);
    }
    return map.stackId(words, count, flags, 1);
  }

  private static byte[] key(int id) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(id).array();
  }

  @Test
  void aStackHasOneIdAndIsReadByIt() {
    int id = id(1000, 3, 0);
    assertThat(id).isBetween(0, 127);
    assertThat(id(1000, 3, StackTraceMap.USER_STACK)).isEqualTo(id);
    ByteBuffer stack = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    stack.putLong(1000).putLong(1001).putLong(1002);
    assertThat(map.lookup(key(id))).contains(stack.array());
    assertThat(map.nextKey(new byte[0])).contains(key(id));
    assertThat(map.nextKey(key(id))).isEmpty();
    assertThat(map.delete(key(id))).isZero();
    assertThat(map.delete(key(id))).isEqualTo(BpfMap.ENOENT);
    assertThat(map.lookup(key(id))).isEmpty();
    assertThat(map.delete(key(128))).isEqualTo(BpfMap.E2BIG);
    assertThat(id(1, 6 - 1, 0)).isNotNegative();
    assertThat(map.stackId(words, 6, 0, 1)).isEqualTo(BpfMap.EINVAL);
    assertThat(map.stackId(words, 1, 1 << 11, 1)).isEqualTo(BpfMap.EINVAL);
  }

  @Test
  void twoStacksWithOneIdExcludeEachOther() {
    Map<Integer, Long> first = new HashMap<>();
    int refused = 0;
    for (long i = 0; i < 500; i++) {
      int id = id(i * 100, 4, 0);
      if (id >= 0) {
        assertThat(first.put(id, i)).isNull();
      } else {
        assertThat(id).isIn(BpfMap.EEXIST, BpfMap.ENOMEM);
        refused++;
      }
    }
    assertThat(refused).isPositive();
    assertThat(first.size()).isLessThanOrEqualTo(100);
    long fresh = 7777;
    int id = id(fresh, 4, StackTraceMap.REUSE);
    for (; id < 0; id = id(++fresh, 4, StackTraceMap.REUSE)) {
      assertThat(id).isEqualTo(BpfMap.ENOMEM);
      assertThat(map.delete(key(first.keySet().iterator().next()))).isZero();
      first.remove(first.keySet().iterator().next());
    }
    byte[] kept = map.lookup(key(id)).orElseThrow();
    assertThat(ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN).getLong()).isEqualTo(fresh);
    assertThat(map.entries()).hasSizeLessThanOrEqualTo(100);
    assertThat(map.sweep(slot -> true)).isZero();
    for (MapEntry entry : map.entries()) {
      assertThat(map.delete(entry.key())).isZero();
    }
    // all nodes are there again
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      assertThat(id(random.nextLong(), 5, StackTraceMap.REUSE)).isIn(-12, id0());
      if (map.entries().size() == 100) {
        map.delete(map.nextKey(new byte[0]).orElseThrow());
      }
    }
  }

  private Integer id0() {
    return map.stackId(words, 5, 0, 1);
  }
}
