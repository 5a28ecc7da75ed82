package dev.whatif.causal.account;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.CpuList;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.kernel.EventPlace;
import dev.whatif.ebpf.kernel.KernelLink;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.MapEntries;
import dev.whatif.ebpf.kernel.MappedArray;
import dev.whatif.ebpf.object.BpfObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The accounting in the kernel: who is in scope, what they owe, and the experiment that is on.
 *
 * <p>Everything ends with this process, whatever ends it: the kernel holds nothing that is not held
 * by a descriptor of ours. For one thread, but for {@link #levels}.
 */
public final class Accounting implements AutoCloseable {

  /** A fraction of 1 in the kernel's programs. */
  private static final int ONE = 1 << 16;

  /** Until programs have seen the counters that they read. */
  private static final long CHECK_NANOS = 200_000;

  private static final byte[] ZERO = new byte[Integer.BYTES];

  private final LoadedObject object;
  private final Globals globals;
  private final MappedArray levelArray;
  private final Levels levels;
  private final Scope scope;
  private final StructLayout cpu;
  private final StructLayout visits;
  private final StructLayout latencies;
  private final StructLayout registers;
  private final StructLayout ranges;
  private final StructLayout pause;
  private final boolean readsContext;
  private final int[] cpus = CpuList.online();
  private final Map<Integer, List<CodeRanges>> regions = new HashMap<>();

  private Accounting(BpfObject source, LoadedObject object, boolean readsContext) {
    Btf types = source.btf().orElseThrow();
    this.readsContext = readsContext;
    this.object = object;
    this.globals = new Globals(source, object);
    this.levelArray = MappedArray.of(object.map("levels"));
    this.levels = new Levels(levelArray, globals, StructLayout.of(types, "level"));
    this.scope = new Scope(object, levels);
    this.cpu = StructLayout.of(types, "cpu");
    this.visits = StructLayout.of(types, "visits");
    this.latencies = StructLayout.of(types, "latencies");
    this.registers = StructLayout.of(types, "registers");
    this.ranges = StructLayout.of(types, "ranges");
    this.pause = StructLayout.of(types, "pause");
  }

  /**
   * Loads it and begins to follow; nobody is in scope yet.
   *
   * @throws UnavailableException when this user may not, or this kernel cannot
   */
  public static Accounting start(AccountingOptions options) {
    Optional<ContextCounters> counters =
        options.readsContext() ? ContextCounters.find(Btf.ofKernel()) : Optional.empty();
    Accounting accounting = start(options, counters);
    if (counters.isEmpty() || !accounting.misreads()) {
      return accounting;
    }
    accounting.close();
    return start(options, Optional.empty());
  }

  /** With counters that are not checked yet; without any, what CPUs do is followed. */
  static Accounting start(AccountingOptions options, Optional<ContextCounters> counters) {
    BpfObject plain = source().withGlobal("frame_bytes", options.frameBytes());
    BpfObject source = counters.map(found -> found.in(plain)).orElse(plain);
    LoadOptions chosen =
        counters.isEmpty()
            ? LoadOptions.DEFAULT
            : LoadOptions.DEFAULT.with(program -> !ContextCounters.replace(program));
    LoadedObject object = KernelLoader.load(source, chosen);
    try {
      Accounting accounting = new Accounting(source, object, counters.isPresent());
      accounting.globals.set("quantum", options.quantumNanos());
      accounting.globals.set("longest_pause", options.longestPauseNanos());
      accounting.globals.set("delaying_cpu", accounting.cpus[0]);
      accounting.globals.set("epoch", 1);
      object.attachAll();
      if (options.periodNanos() > 0) {
        accounting.tick(options.periodNanos());
      }
      return accounting;
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
  }

  private void tick(long period) {
    List<KernelLink> clocks = new ArrayList<>();
    for (int number : cpus) {
      clocks.add(object.attach("sample", new EventPlace.CpuClock(number, period), 0));
    }
    globals.set("tick_period", period);
    LockSupport.parkNanos(2 * period); // until each has ticked
    Ticks ticks = new Ticks(clocks, cpus, this::tickedAt, period);
    if (ticks.align()) {
      globals.set("tick_phase", ticks.phase());
      globals.set("in_step", 1);
    }
  }

  /** When the clock of a CPU has ticked last; by the place of the CPU among those that run. */
  private long tickedAt(int index) {
    int number = Arrays.binarySearch(CpuList.possible(), cpus[index]);
    byte[] value = object.map("cpus").lookupPerCpu(ZERO).get(number);
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(cpu.offset("ticked_at"));
  }

  /** Whether a program found counters that cannot be what they are taken for. */
  boolean misreads() {
    LockSupport.parkNanos(CHECK_NANOS); // at the end of which this CPU switches to us
    return object.map("cpus").lookupPerCpu(ZERO).stream()
        .map(one -> ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN))
        .anyMatch(one -> one.getInt(cpu.offset("misread")) > 0);
  }

  /** Whether the kernel's counters say what CPUs do; else it is followed by programs. */
  public boolean readsContext() {
    return readsContext;
  }

  /** Whether all CPUs are sampled at the same moments, so that delays are simultaneous. */
  public boolean inStep() {
    return globals.get("in_step") > 0 || cpus.length == 1;
  }

  private static BpfObject source() {
    try (InputStream in = Accounting.class.getResourceAsStream("account.bpf.o")) {
      if (in == null) {
        throw new IllegalStateException("account.bpf.o is not in this installation");
      }
      return BpfObject.parse("account.bpf.o", in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object in the kernel, for those who attach progress points. */
  public LoadedObject object() {
    return object;
  }

  /** The threads in scope. */
  public Levels levels() {
    return levels;
  }

  /** The map that the delay handler reads, and how it is laid out. */
  public PauseTable pauses() {
    return new PauseTable(
        object.map("pauses"),
        pause.size(),
        pause.offset("sp"),
        pause.offset("ip"),
        pause.offset("progress"),
        pause.offset("seconds"));
  }

  /**
   * Takes a process into scope with all its threads, and those that they start from now on.
   *
   * @return how many threads came into scope
   * @throws UnavailableException when the kernel cannot name threads (before Linux 6.9)
   */
  public int admit(int pid) {
    return scope.admit(pid);
  }

  /**
   * Takes the calling thread into scope until what is returned is closed: to see what being in
   * scope costs.
   */
  public Runnable admitSelf() {
    return scope.admitSelf();
  }

  /** Says where the code of a region lies; a number from 0. */
  public void region(int number, List<CodeRanges> files) {
    for (CodeRanges file : regions.getOrDefault(number, List.of())) {
      object.map("regions").delete(key(number, file));
    }
    for (CodeRanges file : files) {
      ByteBuffer value = ByteBuffer.allocate(ranges.size()).order(ByteOrder.LITTLE_ENDIAN);
      if (file.ranges().size() > CodeRanges.MOST) {
        throw new UnavailableException(
            "the region consists of %d pieces in one file, more than %d"
                .formatted(file.ranges().size(), CodeRanges.MOST),
            "name a smaller region");
      }
      value.putLong(file.ranges().size());
      for (CodeRanges.Range range : file.ranges()) {
        value.putLong(range.start()).putLong(range.end());
      }
      object.map("regions").update(key(number, file), value.array());
    }
    regions.put(number, files);
  }

  private static byte[] key(int region, CodeRanges file) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(file.inode())
        .putInt(file.device())
        .putInt(region)
        .array();
  }

  /**
   * Begins an experiment: all debts are forgiven, visits count from now on.
   *
   * @param region number of the region, or -1
   * @param speedup the part of its time that it is spared
   * @param delay the part of wall time for which everybody is delayed: control experiments
   */
  public void begin(int region, double speedup, double delay) {
    globals.set("region", region);
    globals.set("speedup", Math.round(speedup * ONE));
    globals.set("base", globals.get("frozen"));
    globals.set("epoch_began", System.nanoTime());
    globals.set("epoch", globals.get("epoch") + 1);
    globals.set("pausing", 1);
    globals.set("counting", 1);
    globals.set("active", region >= 0 && speedup > 0 ? 1 : 0);
    globals.set("delay", Math.round(delay * ONE));
  }

  /** Ends it: nothing is credited, nobody is paused, no visits count any more. */
  public void end() {
    globals.set("active", 0);
    globals.set("delay", 0);
    globals.set("counting", 0);
    globals.set("pausing", 0);
  }

  /** For how long the world should have stood still, nanoseconds since the beginning. */
  public long frozenNanos() {
    return globals.get("frozen");
  }

  /** Threads that found no level: they are out of scope. */
  public long unlevelled() {
    return globals.get("unlevelled");
  }

  /** Levels that were in use at some time: the most at once, if none got lost. */
  long levelsEverUsed() {
    return globals.get("fresh");
  }

  /** What was counted so far. */
  public Totals totals() {
    return Totals.of(cpu, object.map("cpus").lookupPerCpu(ZERO), (int) globals.get("epoch"));
  }

  /** What a progress point saw in this experiment. */
  public VisitCount visits(int point) {
    return VisitCount.of(
        visits, object.map("visits").lookupPerCpu(bytes(point)), (int) globals.get("epoch"));
  }

  /** What the requests of a point took in this experiment. */
  public LatencyCount latencies(int point) {
    return LatencyCount.of(
        latencies, object.map("latencies").lookupPerCpu(bytes(point)), (int) globals.get("epoch"));
  }

  /** Empties the histogram of a point: between experiments. */
  public void forgetLatencies(int point) {
    KernelMap map = object.map("latencies");
    map.update(bytes(point), new byte[map.elementBytes()]);
  }

  /** Says how places find the key of a request; a number below 256. */
  public void key(int number, RequestKey key) {
    object
        .map("keys")
        .update(
            bytes(number),
            ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) key.kind().ordinal())
                .put((byte) key.bytes())
                .put((byte) (key.signed() ? 1 : 0))
                .put((byte) (key.register() < 0 ? 0 : registers.offset(key.registerName())))
                .putInt(key.displacement())
                .array());
  }

  /** Whether samples go to the histogram. */
  public void note(boolean on) {
    globals.set("noting", on ? 1 : 0);
  }

  /** What code was sampled while samples were noted. */
  public List<CodeCount> code() {
    List<CodeCount> counts = new ArrayList<>();
    for (MapEntries.Entry entry : MapEntries.of(object.map("places"))) {
      ByteBuffer key = ByteBuffer.wrap(entry.key()).order(ByteOrder.LITTLE_ENDIAN);
      long inode = key.getLong();
      int device = key.getInt();
      key.getInt();
      counts.add(
          new CodeCount(
              device,
              inode,
              key.getLong(),
              ByteBuffer.wrap(entry.value()).order(ByteOrder.LITTLE_ENDIAN).getLong()));
    }
    return counts;
  }

  @Override
  public void close() {
    end();
    object.close();
    levelArray.close();
    globals.close();
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }
}
