package dev.whatif.ebpf.bpfhelper.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.map.PerfEventMap;
import dev.whatif.ebpf.map.ProgramArrayMap;
import dev.whatif.ebpf.map.RingMap;
import dev.whatif.ebpf.map.RingReader;
import dev.whatif.ebpf.runtime.CallerIdentity;
import dev.whatif.ebpf.runtime.UserSpaceObject;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs compiled from C, verified, and compiled again: with these helpers. */
@Requires(Requirement.CLANG)
class CompiledProgramsTest {

  private static final PlacedHelpers HELPERS = PlacedHelpers.place();
  private static final int SLOT = 5;
  private static final int THREADS = 4;
  private static final int RUNS = 200;

  @AfterAll
  static void close() {
    HELPERS.close();
  }

  private static List<Long> compiled(String program) {
    try (UserSpaceObject loaded = HelperObjects.load(program);
        RunnableCode code = HelperObjects.compiled(loaded, HELPERS);
        Invocation invocation = new Invocation(HELPERS, SLOT)) {
      assertThat(HelperObjects.run(code, invocation)).isZero();
      return HelperObjects.results(loaded);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loops", "elements", "fewer_elements", "texts", "records"})
  void likeTheInterpreter(String program) {
    try (UserSpaceObject loaded = HelperObjects.load(program)) {
      HelperObjects.interpret(loaded, SLOT, CallerIdentity.ofThisThread(), text -> {});
      assertThat(compiled(program)).isEqualTo(HelperObjects.results(loaded));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loops", "elements", "fewer_elements"})
  @Requires({Requirement.CLANG, Requirement.ROOT, Requirement.BPF})
  void likeTheKernel(String program) {
    List<Long> expected = new ArrayList<>();
    try (LoadedObject loaded =
        KernelLoader.load(
            HelperObjects.object(), LoadOptions.DEFAULT.with((String p) -> p.equals(program)))) {
      loaded.program(program).testRun(new TestInput().context(new byte[96]));
      KernelMap results = loaded.map("results");
      for (int i = 0; i < HelperObjects.RESULTS; i++) {
        byte[] key = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(i).array();
        expected.add(HelperObjects.number(results.lookup(key).orElseThrow()));
      }
    }
    assertThat(compiled(program)).isEqualTo(expected);
  }

  @Test
  void recordsArrive() {
    try (UserSpaceObject loaded = HelperObjects.load("records");
        RunnableCode code = HelperObjects.compiled(loaded, HELPERS);
        Invocation invocation = new Invocation(HELPERS, SLOT)) {
      HelperObjects.run(code, invocation);
      assertThat(
              read(RingReader.of(HelperObjects.map(loaded, "ring", RingMap.class), slot -> true)))
          .containsExactly("010000000000000002000000000000000300000000000000", "8877665544332211");
      PerfEventMap events = HelperObjects.map(loaded, "events", PerfEventMap.class);
      assertThat(read(RingReader.of(events, SLOT, slot -> true)))
          .containsExactly("8877665544332211");
      assertThat(HelperObjects.results(loaded).subList(0, 4)).containsExactly(0L, 65536L, 0L, -22L);
    }
  }

  private static List<String> read(RingReader reader) {
    List<String> records = new ArrayList<>();
    reader.read((memory, at, bytes) ->
        records.add(
            HexFormat.of().formatHex(memory.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE))));
    return records;
  }

  @Test
  void tracedTextsGoToTheRing() {
    try (PlacedHelpers helpers = PlacedHelpers.place();
        UserSpaceObject loaded = HelperObjects.load("texts");
        RunnableCode code = HelperObjects.compiled(loaded, helpers);
        Invocation invocation = new Invocation(helpers, SLOT)) {
      HelperObjects.run(code, invocation);
      assertThat(helpers.traceDropped()).isOne();
      RingMap ring = HelperObjects.map(loaded, "ring", RingMap.class);
      helpers.traceTo(ring);
      HelperObjects.run(code, invocation);
      assertThat(helpers.traceDropped()).isOne();
      assertThat(read(RingReader.of(ring, slot -> true)))
          .containsExactly(
              HexFormat.of()
                  .formatHex("1|00002|%d|%05x|%-8s|%c%%\0".getBytes(StandardCharsets.US_ASCII)));
    }
  }

  @Test
  void tailCallsLeadToTheProgramsOfThisProcess() {
    try (PlacedHelpers helpers = PlacedHelpers.place();
        UserSpaceObject loaded = HelperObjects.load("first");
        UserSpaceObject other = HelperObjects.load("second");
        RunnableCode code = HelperObjects.compiled(loaded, helpers);
        RunnableCode second =
            RunnableCode.of(Jit.compile(other.program()), helpers.literals(loaded.maps()));
        Invocation invocation = new Invocation(helpers, SLOT)) {
      ProgramArrayMap next = HelperObjects.map(loaded, "next", ProgramArrayMap.class);
      next.set(1, 2);
      // no table yet
      assertThat(HelperObjects.run(code, invocation)).isOne();
      assertThat(HelperObjects.results(loaded).subList(0, 5))
          .containsExactly(11L, 12L, 13L, 14L, 0L);
      helpers.programs(List.of(code, second));
      assertThat(HelperObjects.run(code, invocation)).isEqualTo(22);
      assertThat(HelperObjects.results(loaded).get(4)).isEqualTo(15);
      // a number that nobody has given
      next.set(1, 3);
      assertThat(HelperObjects.run(code, invocation)).isOne();
      // itself, 33 times, and then on
      next.set(1, 1);
      assertThat(HelperObjects.run(code, invocation)).isOne();
    }
  }

  /**
   * Callbacks of loops in several threads at once: nothing is lost, and each has its own values.
   */
  @Test
  void manyThreads() throws Exception {
    try (UserSpaceObject loaded = HelperObjects.load("busy");
        RunnableCode code = HelperObjects.compiled(loaded, HELPERS);
        var threads = Executors.newFixedThreadPool(THREADS)) {
      BpfMap table = HelperObjects.map(loaded, "table", BpfMap.class);
      for (int i = 0; i < 30; i++) {
        byte[] key = ByteBuffer.allocate(4).putInt(i * 77).array();
        table.update(key, new byte[8]);
      }
      List<Future<Long>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int slot = 10 + t;
        Callable<Long> runs = () -> runs(code, slot);
        all.add(threads.submit(runs));
      }
      for (Future<Long> future : all) {
        assertThat(future.get()).isEqualTo(1030L * RUNS);
      }
      BpfMap numbers = HelperObjects.map(loaded, "numbers", BpfMap.class);
      BpfMap counts = HelperObjects.map(loaded, "counts", BpfMap.class);
      for (int i = 0; i < 4; i++) {
        byte[] key = {(byte) i, 0, 0, 0};
        assertThat(HelperObjects.number(numbers.lookup(key).orElseThrow()))
            .isEqualTo(250L * RUNS * THREADS);
        List<byte[]> own = counts.lookupPerSlot(key);
        for (int t = 0; t < THREADS; t++) {
          assertThat(HelperObjects.number(own.get(10 + t))).isEqualTo(250L * RUNS);
        }
      }
      table
          .entries()
          .forEach(entry ->
              assertThat(HelperObjects.number(entry.value())).isEqualTo((long) RUNS * THREADS));
    }
  }

  private static long runs(RunnableCode code, int slot) {
    long sum = 0;
    try (Invocation invocation = new Invocation(HELPERS, slot)) {
      for (int i = 0; i < RUNS; i++) {
        sum += HelperObjects.run(code, invocation);
      }
    }
    return sum;
  }
}
