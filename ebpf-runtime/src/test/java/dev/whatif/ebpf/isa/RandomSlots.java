package dev.whatif.ebpf.isa;

import java.util.Random;

/** Two slots of random bytes, of which about every fifth begins an instruction. */
final class RandomSlots {

  private final Random random;
  private int round;

  RandomSlots(long seed) {
    random = new Random(seed);
  }

  /** The next two; every opcode in turn, the other fields mostly empty or small. */
  byte[] next() {
    byte[] bytes = new byte[2 * Slot.BYTES];
    bytes[0] = (byte) round++;
    if (random.nextInt(3) > 0) {
      bytes[1] = (byte) (random.nextInt(11) | random.nextInt(4) / 3 * random.nextInt(11) << 4);
    } else if (random.nextInt(3) > 0) {
      bytes[1] = (byte) random.nextInt();
    }
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
