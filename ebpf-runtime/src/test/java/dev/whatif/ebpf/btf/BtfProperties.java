package dev.whatif.ebpf.btf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BtfProperties {

  private static byte[] sample() {
    BtfBuilder b = new BtfBuilder();
    b.add(new BtfType.Int(1, "int", 4, BtfType.Int.SIGNED, 0, 32));
    b.add(new BtfType.Pointer(2, 3));
    b.add(
        new BtfType.Struct(
            3,
            "node",
            false,
            24,
            true,
            List.of(
                new BtfType.Member("next", 2, 0, 0),
                new BtfType.Member("bits", 1, 64, 5),
                new BtfType.Member("array", 4, 96, 0))));
    b.add(new BtfType.Array(4, 5, 1, 3));
    b.add(new BtfType.Typedef(5, "number", 6));
    b.add(new BtfType.Modifier(6, BtfKind.CONST, "", 7, false));
    b.add(new BtfType.Modifier(7, BtfKind.TYPE_TAG, "user", 1, false));
    b.add(new BtfType.Enum(8, "colour", 4, true, List.of(new BtfType.Enumerator("red", -1))));
    b.add(
        new BtfType.Enum64(9, "wide", 8, false, List.of(new BtfType.Enumerator("far", 1L << 40))));
    b.add(new BtfType.FuncProto(10, 1, List.of(new BtfType.Parameter("n", 2))));
    b.add(new BtfType.Func(11, "main", 10, 1));
    b.add(new BtfType.Var(12, "global", 3, 1));
    b.add(new BtfType.DataSec(13, ".data", 24, List.of(new BtfType.Placement(12, 0, 24))));
    b.add(new BtfType.DeclTag(14, "tag", 11, 0, false));
    b.add(new BtfType.Forward(15, "unknown", true));
    b.add(new BtfType.Float(16, "double", 8));
    return b.bytes();
  }

  @Property(tries = 3_000)
  void damagedTypesEndInAMessageAndNothingElse(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int changes) {
    byte[] raw = damaged(sample(), new Random(seed), changes);
    try {
      Btf btf = Btf.parse("damaged", raw);
      for (int id = 0; id < btf.size(); id++) {
        queried(btf, id);
      }
    } catch (BadDataException e) {
      assertThat(e).hasMessageContaining("damaged");
    }
  }

  private static void queried(Btf btf, int id) {
    try {
      assertThat(btf.type(id).id()).isEqualTo(id);
      btf.named(btf.name(id)).count();
      btf.resolve(id);
      btf.sizeOf(id);
    } catch (BadDataException e) {
      assertThat(e).hasMessageContaining("damaged");
    }
  }

  @Property(tries = 1_000)
  void damagedRecordsOfCodeEndInAMessageAndNothingElse(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int changes) {
    Btf btf = Btf.parse("types", sample());
    byte[] raw = damaged(BtfExtTest.sample(btf), new Random(seed), changes);
    try {
      BtfExt.parse("damaged", raw, btf);
    } catch (BadDataException e) {
      assertThat(e.getMessage()).containsAnyOf("damaged", "types");
    }
  }

  /** Bytes changed, words replaced by extreme ones, sometimes cut off. */
  static byte[] damaged(byte[] whole, Random random, int changes) {
    byte[] raw = whole.clone();
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(raw.length);
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
        default -> raw = random.nextInt(8) == 0 ? java.util.Arrays.copyOf(raw, at + 1) : raw;
      }
    }
    return raw;
  }
}
