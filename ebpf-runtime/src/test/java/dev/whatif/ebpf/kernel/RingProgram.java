package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.CpuList;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** bpf/rings.c in the kernel: writes known sequences on any CPU, and counts what it wrote. */
final class RingProgram implements AutoCloseable {

  /** Several of these fit a ring, and a ring holds far fewer than are written. */
  private static final int PORTION = 100;

  private static final int NEXT = 0;
  private static final int SENT = 8;
  private static final int FAILED = 16;
  private static final int DISCARDED = 24;
  private static final int SUM = 32;

  private final LoadedObject object;
  private final MappedArray counted;
  private final int[] cpus = online();

  RingProgram() {
    object =
        KernelLoader.load(
            BpfObject.open(BpfSource.compiled("clang", "rings")), LoadOptions.DEFAULT);
    counted = MappedArray.of(object.map("counted"));
  }

  static int[] online() {
    try {
      return CpuList.parse(Files.readString(Path.of("/sys/devices/system/cpu/online")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int[] cpus() {
    return cpus.clone();
  }

  KernelMap ring() {
    return object.map("ring");
  }

  KernelMap events() {
    return object.map("events");
  }

  /** Writes so many records, on one CPU, while this waits. */
  void write(String program, int cpu, int records) {
    byte[] arguments =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(records).array();
    object.program(program).testRun(new TestInput().context(arguments).onCpu(cpu));
  }

  /** Writes from all CPUs at once until each has sent so many, and goes on reading meanwhile. */
  void writeEverywhere(String program, long perCpu, Runnable reading) {
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<? extends Future<?>> writers =
          Arrays.stream(cpus)
              .mapToObj(cpu -> threads.submit(() -> writeUntilSent(program, cpu, perCpu)))
              .toList();
      while (!writers.stream().allMatch(Future::isDone)) {
        reading.run();
      }
      reading.run();
      for (Future<?> writer : writers) {
        assertThat(writer.state()).as(writer.toString()).isEqualTo(Future.State.SUCCESS);
      }
    }
  }

  private void writeUntilSent(String program, int cpu, long records) {
    while (counted.getLong(cpu, SENT) < records) {
      write(program, cpu, PORTION);
    }
  }

  long attempts() {
    return sum(NEXT);
  }

  long sent() {
    return sum(SENT);
  }

  long failed() {
    return sum(FAILED);
  }

  long discarded() {
    return sum(DISCARDED);
  }

  /** Over the records that were sent, in any order. */
  long checksum() {
    return sum(SUM);
  }

  private long sum(int offset) {
    long sum = 0;
    for (int cpu : cpus) {
      sum += counted.getLong(cpu, offset);
    }
    return sum;
  }

  @Override
  public void close() {
    counted.close();
    object.close();
  }
}
