package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.RingBuffer;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.map.code.MapCode;
import dev.whatif.ebpf.map.code.MapRoutine;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.testing.Programs;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What map operations cost here and in the kernel, side by side: the machine code called from a C
 * loop, the helper functions called from a bpf_loop, an empty loop of each subtracted. The two take
 * turns; the medians are shown.
 */
final class MapBenchmark {

  private static final int KEYS = 1024;
  private static final int ROUNDS = 41;
  private static final MapCode CODE = MapCode.emit();

  private record Row(
      String name, String map, MapKind kind, String first, String second, int count) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("empty", "hash", MapKind.HASH, "", "", 100_000),
          new Row("array_lookup", "array", MapKind.ARRAY, "ARRAY_LOOKUP", "", 100_000),
          new Row("hash_lookup", "hash", MapKind.HASH, "HASH_LOOKUP", "", 100_000),
          new Row("hash_update", "hash", MapKind.HASH, "HASH_UPDATE", "", 50_000),
          new Row("hash_delete_insert", "hash", MapKind.HASH, "HASH_UPDATE", "HASH_DELETE", 50_000),
          new Row(
              "percpu_hash_lookup",
              "percpu",
              MapKind.PERCPU_HASH,
              "PERCPU_HASH_LOOKUP",
              "",
              100_000),
          new Row("lru_hash_lookup", "lru", MapKind.LRU_HASH, "LRU_HASH_LOOKUP", "", 100_000),
          new Row("lru_hash_update", "lru", MapKind.LRU_HASH, "LRU_HASH_UPDATE", "", 50_000),
          new Row("lru_hash_evict", "lru", MapKind.LRU_HASH, "LRU_HASH_UPDATE", "", 50_000),
          new Row("ring_output", "ring", MapKind.RINGBUF, "RINGBUF_OUTPUT", "", 50_000));

  private MapBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    MapMemory code = MapMemory.create("code", 4 * MapLayout.PAGE);
    RawMemory.copy(CODE.bytes(), code.address());
    Process native_ =
        new ProcessBuilder(
                Programs.compiled("map_bench.c", "-O2", "-mno-red-zone").toString(), path(code))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader answers = native_.inputReader();
    double emptyHere = 0;
    double emptyKernel = 0;
    System.out.printf("%-20s %9s %9s %7s%n", "ns per operation", "here", "kernel", "ratio");
    try (LoadedObject object =
        KernelLoader.load(
            BpfObject.open(BpfSource.compiled("clang", "map_bench")), LoadOptions.DEFAULT)) {
      for (Row row : ROWS) {
        try (BpfMap map = map(row.kind())) {
          fill(map, object.map(row.map()));
          List<Double> here = new ArrayList<>();
          List<Double> kernel = new ArrayList<>();
          int count = row.kind() == MapKind.RINGBUF ? 20_000 : row.count();
          for (int i = 0; i < ROUNDS; i++) {
            native_
                .outputWriter()
                .write(
                    "%s %s %d %d %d%n"
                        .formatted(
                            row.name(),
                            path(map.memory()),
                            at(row.first()),
                            at(row.second()),
                            count));
            native_.outputWriter().flush();
            here.add(Double.parseDouble(answers.readLine()) / count);
            kernel.add(kernel(object, row.name(), count) / (double) count);
            drain(map, object);
          }
          double h = median(here) - emptyHere;
          double k = median(kernel) - emptyKernel;
          if (row.name().equals("empty")) {
            emptyHere = h;
            emptyKernel = k;
          }
          System.out.printf("%-20s %9.2f %9.2f %7.2f%n", row.name(), h, k, h / k);
        }
      }
    }
    native_.destroy();
    code.close();
  }

  private static void drain(BpfMap map, LoadedObject object) {
    if (map instanceof RingMap ring) {
      RingReader.of(ring, slot -> true).read((memory, at, length) -> {});
      try (RingBuffer reader = RingBuffer.open(object.map("ring"))) {
        reader.read((memory, at, length) -> {});
      }
    }
  }

  private static BpfMap map(MapKind kind) {
    return switch (kind) {
      case ARRAY -> BpfMap.create(Definitions.of(kind, 4, 8, KEYS));
      case RINGBUF -> BpfMap.create(Definitions.of(kind, 0, 0, 1 << 20));
      case HASH, LRU_HASH, PERCPU_HASH -> BpfMap.create(Definitions.of(kind, 8, 8, 2 * KEYS));
      case PERCPU_ARRAY, PROG_ARRAY, PERF_EVENT_ARRAY, STACK_TRACE ->
          throw new IllegalArgumentException();
    };
  }

  private static void fill(BpfMap map, KernelMap kernel) {
    if (!map.shape().kind().hashed()) {
      return;
    }
    for (long i = 0; i < KEYS; i++) {
      byte[] key = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(i).array();
      map.update(key, new byte[map.shape().elementBytes()]);
      kernel.update(key, new byte[kernel.elementBytes()]);
    }
  }

  private static String path(MapMemory memory) {
    return "/proc/" + Unistd.getpid() + "/fd/" + memory.fd();
  }

  private static int at(String routine) {
    return routine.isEmpty() ? -1 : CODE.offset(MapRoutine.valueOf(routine));
  }

  private static int kernel(LoadedObject object, String program, long count) {
    byte[] argument = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array();
    return object.program(program).testRun(new TestInput().context(argument)).returned();
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }
}
