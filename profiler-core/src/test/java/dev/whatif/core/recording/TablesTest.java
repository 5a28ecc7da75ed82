package dev.whatif.core.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables and encodings below the recorder, against the collections of the JDK. */
class TablesTest {

  @TempDir Path folder;

  @Test
  void pairsAreNumberedLikeAMapDoes() {
    PairTable table = new PairTable();
    Map<List<Integer>, Integer> truth = new HashMap<>();
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      int a = random.nextInt(300) - 150;
      int b = random.nextInt(300) - 150;
      int id = table.intern(a, b);
      assertThat(id).isEqualTo(truth.computeIfAbsent(List.of(a, b), k -> truth.size() + 1));
      assertThat(table.first(id)).isEqualTo(a);
      assertThat(table.second(id)).isEqualTo(b);
    }
    assertThat(table.count()).isEqualTo(truth.size());
  }

  @Test
  void stacksAreNumberedLikeAMapDoes() {
    StackTable table = new StackTable(10);
    Map<List<Integer>, Integer> truth = new HashMap<>();
    Random random = new Random(4);
    for (int i = 0; i < 50_000; i++) {
      int depth = random.nextInt(5);
      int[] methods = random.ints(depth, 1, 5).toArray();
      int[] lines = random.ints(depth, -1, 2).toArray();
      int[] offsets = new int[depth];
      byte[] types = new byte[depth];
      boolean truncated = random.nextBoolean();
      List<Integer> key = new ArrayList<>(List.of(truncated ? 1 : 0));
      for (int f = 0; f < depth; f++) {
        types[f] = (byte) random.nextInt(7);
        key.addAll(List.of(methods[f], lines[f], (int) types[f]));
      }
      int id = table.intern(methods, lines, offsets, types, depth, truncated);
      assertThat(id).isEqualTo(truth.computeIfAbsent(key, k -> truth.size() + 10));
    }
    assertThat(table.nextId()).isEqualTo(truth.size() + 10);
  }

  @Test
  void textsAreNumberedAndCutAndLimited() {
    TextTable table = new TextTable(200_000);
    int a = table.intern("a");
    assertThat(table.intern(new String("a"))).isEqualTo(a);
    int cut = table.intern("x".repeat(100_000));
    assertThat(table.text(cut)).hasSize(TextTable.LONGEST).endsWith("x…");
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      String text = "text " + i;
      String stored = table.text(table.intern(text));
      refused += stored.equals(text) ? 0 : 1;
      assertThat(stored).isIn(text, TextTable.TOO_MANY);
    }
    assertThat(table.refused()).isEqualTo(refused).isPositive();
  }

  @Test
  void aThreadIsNamedByItsKernelIdUntilThatIsReused() {
    ThreadTable table = new ThreadTable(new TextTable(1 << 20));
    int first = table.intern(10, 11, "p", "t");
    assertThat(table.intern(10, 11, "p", "t")).isEqualTo(first);
    int renamed = table.intern(10, 11, "p", "other");
    int strange = table.intern(0, -1, "", "");
    assertThat(table.use(first)).isEqualTo(11);
    assertThat(table.use(renamed)).isGreaterThan(4 * 1024 * 1024);
    assertThat(table.use(strange)).isGreaterThan(table.use(renamed));
  }

  @Test
  void numbersComeBackFromTheirBytes() throws Exception {
    long[] numbers =
        LongStream.concat(
                LongStream.of(0, 1, 127, 128, -1, Long.MIN_VALUE, Long.MAX_VALUE),
                new Random(5).longs(2_000).map(l -> l >>> (l & 63)))
            .toArray();
    Leb128Buffer buffer = new Leb128Buffer(4);
    for (long n : numbers) {
      buffer.number(n);
    }
    int padded = buffer.size();
    buffer.skip(4);
    buffer.patchNumber4(padded, 5);
    Path file = folder.resolve("numbers");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(buffer.content());
    }
    try (FileChannel channel = FileChannel.open(file)) {
      FileWindow window = new FileWindow(file, channel);
      for (long n : numbers) {
        assertThat(window.number()).isEqualTo(n);
      }
      assertThat(window.number()).isEqualTo(5);
      assertThat(window.position()).isEqualTo(window.size()).isEqualTo(Files.size(file));
    }
  }
}
