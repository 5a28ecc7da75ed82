package dev.whatif.ebpf.isa;

import java.util.Random;

/** Two slots of random bytes, of which about every fifth begins an instruction. */
final class RandomSlots {

  /** Immediates that choose what an instruction does: bits to swap, atomic operations. */
  private static final int[] CODES = {
    16, 32, 64, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1
  };

  private final Random random;
  private int round;

  RandomSlots(long seed) {
    random = new Random(seed);
  }

  /** The next two; every opcode in turn, the other fields mostly empty or small. */
  byte[] next() {
    byte[] bytes = new byte[2 * Slot.BYTES];
    bytes[0] = (byte) round++;
    bytes[1] =
        (byte)
            switch (random.nextInt(6)) {
              case 0, 1, 2 -> random.nextInt(11) | random.nextInt(4) / 3 * random.nextInt(11) << 4;
              case 3 -> random.nextInt();
              case 4 -> random.nextInt(11) << 4;
              default -> 0;
            };
    if (random.nextInt(3) == 0) {
      bytes[2] = (byte) (1 << random.nextInt(8));
      bytes[3] = (byte) random.nextInt(4);
    }
    switch (random.nextInt(4)) {
      case 0 -> bytes[4] = (byte) random.nextInt();
      case 1 -> {
        for (int i = 4; i < 8; i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
      case 2 -> bytes[4] = (byte) CODES[random.nextInt(CODES.length)];
      default -> {
        // Empty.
      }
    }
    if (random.nextInt(3) == 0) {
      bytes[12 + random.nextInt(4)] = (byte) random.nextInt();
    }
    return bytes;
  }
}
