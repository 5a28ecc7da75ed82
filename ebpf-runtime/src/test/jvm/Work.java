import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.Exchanger;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@code Work REPORT}: threads that know what must come out, for ever (the report is that of
 * report.h). Java 17: it runs on the JDK of this build and on an older one, as a target.
 */
public final class Work {

  private static final int WRONG = 8;
  private static final int THREADS = 24;
  private static final int TEXT = 32;
  private static final int TEXT_SIZE = 96;
  private static final int ROUNDS = 128;

  private static MappedByteBuffer page;

  private Work() {}

  interface Job {
    void run(int round) throws Exception;
  }

  /** The report is the first argument. */
  public static void main(String[] arguments) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      page = file.map(FileChannel.MapMode.READ_WRITE, 0, 4096);
      page.order(ByteOrder.LITTLE_ENDIAN);
    }
    Job[] jobs = {
      Work::garbage, Work::old, Work::numbers, Work::handOver, Work::sleep, Work::births
    };
    page.putLong(THREADS, jobs.length);
    for (int n = 0; n < jobs.length; n++) {
      int number = n;
      new Thread(() -> forever(number, jobs[number])).start();
    }
    page.putLong(0, 1);
  }

  private static void forever(int number, Job job) {
    for (int round = 0; ; round++) {
      try {
        job.run(round);
        Thread.sleep(1);
      } catch (Throwable t) {
        wrong(t.toString(), round, -1);
      }
      add(ROUNDS + 8 * number);
    }
  }

  private static synchronized void add(int offset) {
    page.putLong(offset, page.getLong(offset) + 1);
  }

  private static synchronized void wrong(String what, long got, long wanted) {
    add(WRONG);
    if (page.get(TEXT) == 0) {
      byte[] text = (what + ": " + got + ", not " + wanted).getBytes(StandardCharsets.UTF_8);
      page.put(TEXT, text, 0, Math.min(text.length, TEXT_SIZE - 1));
    }
  }

  private static void check(String what, long got, long wanted) {
    if (got != wanted) {
      wrong(what, got, wanted);
    }
  }

  private static void garbage(int round) {
    long sum = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[100 + i % 400];
      bytes[i % 100] = (byte) i;
      sum += bytes[i % 100];
    }
    long known = 0;
    for (int i = 0; i < 2000; i++) {
      known += (byte) i;
    }
    check("bytes", sum, known);
  }

  private static final ArrayDeque<int[]> OLD = new ArrayDeque<>();

  /** About 10 MB that live long enough to be moved. */
  private static void old(int round) {
    for (int i = 0; i < 20; i++) {
      int[] block = new int[1000];
      java.util.Arrays.fill(block, round * 20 + i);
      OLD.add(block);
    }
    while (OLD.size() > 2500) {
      int[] block = OLD.remove();
      for (int value : block) {
        check("an old block", value, block[0]);
      }
    }
  }

  private static void numbers(int round) {
    Random random = new Random(42);
    long sum = 0;
    double mean = 0;
    for (int i = 0; i < 20_000; i++) {
      sum += random.nextInt(1000);
      mean += 0.25;
    }
    check("random numbers", sum, SUM);
    check("halves", (long) mean, 5000);
  }

  private static final long SUM = new Random(42).ints(20_000, 0, 1000).asLongStream().sum();

  private static final SynchronousQueue<Integer> QUEUE = new SynchronousQueue<>();
  private static final Exchanger<Integer> EXCHANGER = new Exchanger<>();

  private static void handOver(int round) throws Exception {
    Thread other =
        new Thread(() -> {
          try {
            EXCHANGER.exchange(QUEUE.take() * 3, 60, TimeUnit.SECONDS);
          } catch (Exception e) {
            wrong(e.toString(), 0, 0);
          }
        });
    other.start();
    QUEUE.put(round);
    check("an exchange", EXCHANGER.exchange(0, 60, TimeUnit.SECONDS), round * 3);
    other.join();
  }

  private static void sleep(int round) throws Exception {
    long since = System.nanoTime();
    Thread.sleep(5);
    check("a sleep that was too short", System.nanoTime() - since < 5_000_000 ? 1 : 0, 0);
  }

  private static void births(int round) throws Exception {
    long[] results = new long[4];
    Thread[] threads = new Thread[4];
    for (int i = 0; i < 4; i++) {
      int number = i;
      threads[i] =
          new Thread(() -> {
            byte[][] kept = new byte[50][];
            for (int n = 0; n < 50; n++) {
              kept[n] = new byte[1000];
            }
            results[number] = kept.length + number;
          });
      threads[i].start();
    }
    for (int i = 0; i < 4; i++) {
      threads[i].join();
      check("a thread", results[i], 50 + i);
    }
  }
}
