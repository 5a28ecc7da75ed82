package dev.whatif.samples.benchmark;

import dev.whatif.core.command.Subcommand;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.kernel.RingBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How fast BPF's ring buffer is read: a full ring, emptied by us and by libbpf in turns; and
 * whether anything is lost when records come at a steady rate.
 */
@Command(
    name = "ring-reading",
    mixinStandardHelpOptions = true,
    description = "Records per second from a BPF ring buffer, beside libbpf's reader.",
    footer = {"", "Try:  whatif benchmark ring-reading --rounds 20"})
final class RingReading implements Subcommand {

  private static final int RING_BYTES = 16 << 20;

  private static final int LIVE_PORTIONS = 2000;

  private static final long PORTION_NANOS = 1_000_000_000L * RingProducer.PORTION;

  @Option(names = "--rounds", description = "rings emptied by each (default: ${DEFAULT-VALUE})")
  int rounds = 15;

  @Option(names = "--rate", description = "records per second (default: ${DEFAULT-VALUE})")
  long rate = 200_000;

  @Option(names = "--seconds", description = "of the steady rate (default: ${DEFAULT-VALUE})")
  int seconds = 10;

  private long sum;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (KernelMap map = KernelMap.create(new MapSpec("ring", MapType.RINGBUF, 0, 0, RING_BYTES));
        RingProducer producer = new RingProducer(map);
        LibbpfPeer peer = LibbpfPeer.compile()) {
      fullRings(map, producer, peer);
      atFullSpeed(map, producer);
      steadyRate(map, producer);
    }
    return 0;
  }

  private void fullRings(KernelMap map, RingProducer producer, LibbpfPeer peer)
      throws IOException, InterruptedException {
    DescriptiveStatistics ours = new DescriptiveStatistics();
    DescriptiveStatistics theirs = new DescriptiveStatistics();
    for (int round = 0; round < rounds; round++) {
      long sent = producer.fill();
      try (RingBuffer ring = RingBuffer.open(map)) {
        long begin = System.nanoTime();
        long read = ring.read(this::take);
        ours.addValue(perSecond(read, System.nanoTime() - begin));
        require(sent, read);
      }
      sent = producer.fill();
      LibbpfPeer.Reading reading = peer.read(map.id());
      require(sent, reading.records());
      theirs.addValue(perSecond(reading.records(), reading.nanos()));
    }
    System.out.printf(
        "records of %d bytes from a full ring of %d MiB, millions per second:%n",
        RingProducer.RECORD_BYTES, RING_BYTES >> 20);
    System.out.println("  whatif   " + spread(ours));
    System.out.println("  libbpf   " + spread(theirs));
  }

  /** One writer that never pauses against the reader: as fast as the two get on together. */
  private void atFullSpeed(KernelMap map, RingProducer producer) throws InterruptedException {
    DescriptiveStatistics rates = new DescriptiveStatistics();
    long failed = producer.failed();
    try (RingBuffer ring = RingBuffer.open(map)) {
      for (int round = 0; round < rounds; round++) {
        Thread writer =
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < LIVE_PORTIONS; i++) {
                    producer.write();
                  }
                });
        long before = ring.records();
        long begin = System.nanoTime();
        while (writer.isAlive()) {
          if (ring.await(1)) {
            ring.read(this::take);
          }
        }
        ring.read(this::take);
        rates.addValue(perSecond(ring.records() - before, System.nanoTime() - begin));
      }
      System.out.printf(
          Locale.ROOT,
          "read while a writer never pauses, millions per second: %s; %d of %,d refused%n",
          spread(rates),
          producer.failed() - failed,
          (long) rounds * LIVE_PORTIONS * RingProducer.PORTION);
    }
  }

  private void steadyRate(KernelMap map, RingProducer producer) throws InterruptedException {
    long failed = producer.failed();
    long portions = rate * seconds / RingProducer.PORTION;
    try (RingBuffer ring = RingBuffer.open(map)) {
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                long begin = System.nanoTime();
                for (long i = 0; i < portions; i++) {
                  LockSupport.parkNanos(begin + i * PORTION_NANOS / rate - System.nanoTime());
                  producer.write();
                }
              });
      long begin = System.nanoTime();
      while (writer.isAlive()) {
        if (ring.await(100)) {
          ring.read(this::take);
        }
      }
      ring.read(this::take);
      double took = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%,d records in %.2f s (%,.0f/s): %,d read, %d lost, %d damaged%n",
          portions * RingProducer.PORTION,
          took,
          ring.records() / took,
          ring.records(),
          producer.failed() - failed,
          ring.damages());
    }
  }

  private void take(MemorySegment memory, long offset, int length) {
    sum += memory.get(ValueLayout.JAVA_LONG, offset) + length;
  }

  private void require(long sent, long read) {
    if (sent != read) {
      throw new IllegalStateException("%d sent, %d read (%d)".formatted(sent, read, sum));
    }
  }

  private static double perSecond(long records, long nanos) {
    return records * 1e3 / nanos;
  }

  private static String spread(DescriptiveStatistics values) {
    return String.format(
        Locale.ROOT,
        "median %.1f, quartiles %.1f to %.1f, least %.1f, %d rounds",
        values.getPercentile(50),
        values.getPercentile(25),
        values.getPercentile(75),
        values.getMin(),
        values.getN());
  }
}
