package dev.whatif.ebpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged objects are refused with a message, or read: nothing hangs, nothing else is thrown. */
@Requires({Requirement.CLANG_19, Requirement.LIBBPF})
class DamagedObjectTest {

  @Test
  void damagedObjectsAreRefusedOrRead() throws IOException {
    damage(400);
  }

  @Test
  @Tag("long")
  void manyDamagedObjectsAreRefusedOrRead() throws IOException {
    damage(20_000);
  }

  private static void damage(int each) throws IOException {
    List<String> surprises = new ArrayList<>();
    for (String source : List.of("subprograms", "maps", "globals", "externs", "struct_ops")) {
      byte[] whole = Files.readAllBytes(BpfSource.compiled("clang-19", source));
      for (int seed = 0; seed < each; seed++) {
        byte[] bytes = damaged(whole, new Random(seed));
        try {
          BpfObject object = BpfObject.parse("damaged", bytes);
          object.globals();
          object.sanitisedBtf();
        } catch (BadDataException e) {
          if (!String.valueOf(e.getMessage()).contains("damaged")) {
            surprises.add(source + " " + seed + ": " + e);
          }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
          surprises.add(source + " " + seed + ": " + e + " " + Arrays.toString(e.getStackTrace()));
        }
      }
    }
    assertThat(surprises).isEmpty();
  }

  private static byte[] damaged(byte[] whole, Random random) {
    byte[] raw = whole.clone();
    int headers = raw[40] & 0xff | (raw[41] & 0xff) << 8 | (raw[42] & 0xff) << 16;
    int changes = 1 + random.nextInt(5);
    for (int i = 0; i < changes; i++) {
      // Half of the damage where it hurts: the section headers lie at the end.
      boolean inHeaders = random.nextBoolean() && headers < raw.length;
      int at =
          inHeaders ? headers + random.nextInt(raw.length - headers) : random.nextInt(raw.length);
      switch (random.nextInt(4)) {
        case 0 -> raw[at] = (byte) random.nextInt();
        case 1 -> raw[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> {
          int[] words = {0, 1, -1, 0x7fff_ffff, 0x8000_0000, raw.length, random.nextInt(64)};
          int word = words[random.nextInt(words.length)];
          for (int j = 0; j < 4 && (at & ~3) + j < raw.length; j++) {
            raw[(at & ~3) + j] = (byte) (word >>> 8 * j);
          }
        }
        default -> {
          if (random.nextInt(10) == 0) {
            return Arrays.copyOf(raw, at);
          }
        }
      }
    }
    return raw;
  }
}
