package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.MapEntries;
import dev.whatif.ebpf.kernel.RingBuffer;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.kernel.TestRun;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Generated programs run in the kernel, each on maps as if they were new. */
final class KernelRuns implements AutoCloseable {

  private static final byte[] INDEX = new byte[Integer.BYTES];

  private final KernelSide side = new KernelSide(FuzzMaps.ALL);
  private final RingBuffer ring = RingBuffer.open(side.map(FuzzMaps.RING));

  /** Makes the maps. */
  KernelRuns() {}

  KernelSide side() {
    return side;
  }

  /** Runs it once. */
  Outcome run(KernelProgram program, byte[] packet) {
    reset();
    TestRun run = program.testRun(new TestInput().data(packet, 0));
    return new Outcome(Integer.toUnsignedLong(run.returned()), run.data(), contents());
  }

  private void reset() {
    clear(FuzzMaps.VALUE, 1);
    clear(FuzzMaps.ARRAY, FuzzMaps.ENTRIES);
    clear(FuzzMaps.PERCPU_ARRAY, FuzzMaps.ENTRIES);
    for (int index : new int[] {FuzzMaps.HASH, FuzzMaps.PERCPU_HASH}) {
      KernelMap map = side.map(index);
      MapEntries.of(map).forEach(e -> map.delete(e.key()));
      for (byte[] key : FuzzMaps.firstKeys()) {
        map.update(
            key,
            index == FuzzMaps.HASH ? FuzzMaps.firstElement(key) : new byte[map.elementBytes()]);
      }
    }
    ring.read((memory, offset, length) -> {});
  }

  private void clear(int index, int entries) {
    KernelMap map = side.map(index);
    byte[] zero = new byte[map.elementBytes()];
    for (byte i = 0; i < entries; i++) {
      map.update(new byte[] {i, 0, 0, 0}, zero);
    }
  }

  private List<byte[]> contents() {
    List<byte[]> all = new ArrayList<>();
    all.add(side.map(FuzzMaps.VALUE).lookup(INDEX).orElseThrow());
    for (int index = FuzzMaps.HASH; index <= FuzzMaps.PERCPU_ARRAY; index++) {
      KernelMap map = side.map(index);
      all.add(
          Outcome.sorted(
              MapEntries.of(map).stream()
                  .map(e -> Outcome.joined(e.key(), Outcome.merged(e.value(), map.valueBytes())))
                  .toList()));
    }
    List<byte[]> records = new ArrayList<>();
    ring.read((memory, offset, length) ->
        records.add(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)));
    all.addAll(records);
    return all;
  }

  @Override
  public void close() {
    ring.close();
    side.close();
  }
}
