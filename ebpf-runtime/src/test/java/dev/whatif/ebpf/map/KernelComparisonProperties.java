package dev.whatif.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.CpuList;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import dev.whatif.testing.RequiresHook;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** The same operations on a map here and on one in the kernel: the same results and contents. */
@Requires({Requirement.ROOT, Requirement.BPF})
@AddLifecycleHook(RequiresHook.class)
class KernelComparisonProperties {

  private static final long[] FLAGS = {0, 0, 0, 1, 2, 3, 4, 5, 8, 1L << 40, -1};

  /** What to do, with which key; keys repeat. */
  private record Step(int operation, byte[] key, byte[] value, long flags) {}

  @Provide
  Arbitrary<MapKind> kinds() {
    return Arbitraries.of(
        MapKind.ARRAY, MapKind.PERCPU_ARRAY, MapKind.HASH, MapKind.LRU_HASH, MapKind.PERCPU_HASH);
  }

  @Property(tries = 300)
  void theKernelSaysTheSame(@ForAll @From("kinds") MapKind kind, @ForAll long seed) {
    Random random = new Random(seed);
    int keySize = kind.hashed() ? 1 + random.nextInt(40) : 4;
    int valueSize = 1 + random.nextInt(30);
    int entries = 1 + random.nextInt(12);
    // an LRU map of the kernel gives elements up long before it is full
    int maxEntries = kind == MapKind.LRU_HASH ? 4096 : entries;
    int flags = kind == MapKind.HASH && random.nextBoolean() ? MapRules.NO_PREALLOC : 0;
    MapSpec spec =
        new MapSpec("compared", MapType.valueOf(kind.name()), keySize, valueSize, maxEntries)
            .flags(flags);
    MapOptions options = new MapOptions(CpuList.possible().length, 0, 0);
    try (KernelMap kernelMap = KernelMap.create(spec);
        BpfMap map =
            BpfMap.create(
                Definitions.of(kind.number(), keySize, valueSize, maxEntries, flags), options)) {
      KernelSide kernel = new KernelSide(kernelMap);
      List<byte[]> keys = keys(random, keySize, entries + 4);
      for (int i = 0; i < 150; i++) {
        Step step = step(random, keys, map.shape());
        compare(map, kernel, step, "step " + i + " of " + kind);
      }
      assertThat(contents(map)).isEqualTo(contents(kernel));
      List<byte[]> walked = walk(map);
      assertThat(walked.stream().map(Programs::hex)).doesNotHaveDuplicates();
      assertThat(walked.stream().map(Programs::hex).sorted().toList())
          .isEqualTo(walk(kernel).stream().map(Programs::hex).sorted().toList());
    }
  }

  private static List<byte[]> keys(Random random, int size, int count) {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] key = new byte[size];
      if (size == 4) {
        key[0] = (byte) i;
        key[3] = (byte) (random.nextInt(10) == 0 ? -1 : 0);
      } else {
        random.nextBytes(key);
        if (i > 0 && random.nextBoolean()) { // differs from the one before in its last byte only
          key = keys.get(i - 1).clone();
          key[size - 1]++;
        }
      }
      keys.add(key);
    }
    return keys;
  }

  private static Step step(Random random, List<byte[]> keys, MapShape shape) {
    byte[] value = new byte[shape.elementBytes()];
    random.nextBytes(value);
    if (shape.kind().perSlot()) { // the kernel gives padding back as it came, or as zeros
      int stride = (int) shape.paddedValue();
      for (int at = 0; at < value.length; at += stride) {
        Arrays.fill(value, at + shape.valueSize(), at + stride, (byte) 0);
      }
    }
    return new Step(
        random.nextInt(8),
        keys.get(random.nextInt(keys.size())),
        value,
        FLAGS[random.nextInt(FLAGS.length)]);
  }

  private static void compare(BpfMap map, KernelSide kernel, Step step, String where) {
    switch (step.operation()) {
      case 0, 1, 2, 3 ->
          assertThat(map.update(step.key(), step.value(), step.flags()))
              .as("%s: update with flags %d", where, step.flags())
              .isEqualTo(kernel.update(step.key(), step.value(), step.flags()));
      case 4, 5 ->
          assertThat(map.delete(step.key()))
              .as("%s: delete", where)
              .isEqualTo(kernel.delete(step.key()));
      case 6 -> {
        if (!map.shape().kind().hashed()) { // whose order is nobody's business
          assertThat(hex(map.nextKey(step.key())))
              .as("%s: next", where)
              .isEqualTo(hex(kernel.nextKey(step.key())));
        }
      }
      default ->
          assertThat(hex(map.lookup(step.key())))
              .as("%s: lookup", where)
              .isEqualTo(hex(kernel.lookup(step.key())));
    }
  }

  private static Optional<String> hex(Optional<byte[]> bytes) {
    return bytes.map(Programs::hex);
  }

  private static TreeMap<String, String> contents(BpfMap map) {
    TreeMap<String, String> contents = new TreeMap<>();
    map.entries().forEach(e -> contents.put(Programs.hex(e.key()), Programs.hex(e.value())));
    return contents;
  }

  private static TreeMap<String, String> contents(KernelSide kernel) {
    TreeMap<String, String> contents = new TreeMap<>();
    for (byte[] key : walk(kernel)) {
      kernel.lookup(key).ifPresent(v -> contents.put(Programs.hex(key), Programs.hex(v)));
    }
    return contents;
  }

  private static List<byte[]> walk(BpfMap map) {
    List<byte[]> keys = new ArrayList<>();
    for (Optional<byte[]> k = map.nextKey(new byte[0]); k.isPresent(); k = map.nextKey(k.get())) {
      keys.add(k.get());
    }
    return keys;
  }

  private static List<byte[]> walk(KernelSide kernel) {
    List<byte[]> keys = new ArrayList<>();
    for (Optional<byte[]> k = kernel.nextKey(new byte[0]);
        k.isPresent();
        k = kernel.nextKey(k.get())) {
      keys.add(k.get());
    }
    return keys;
  }
}
