package dev.whatif.ebpf.fuzz;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.verifier.Program;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A program with some bits, bytes or slots of its code changed: what clang never writes, but is
 * near to what it does.
 */
final class Mutation {

  private static final int MOST_CHANGES = 3;

  private Mutation() {}

  /**
   * The program changed as a seed says; empty when what comes out is no code.
   *
   * @throws RuntimeException of another kind than {@link BadDataException} when the decoder is
   *     wrong
   */
  static Optional<Program> of(Program program, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] code = program.code().bytes();
    for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
      change(code, random);
    }
    try {
      return Optional.of(
          new Program(
              program.name(),
              program.type(),
              program.contextBytes(),
              Code.decode(code),
              program.maps(),
              program.lines()));
    } catch (BadDataException e) {
      return Optional.empty();
    }
  }

  private static void change(byte[] code, SplittableRandom random) {
    int slots = code.length / Slot.BYTES;
    int slot = random.nextInt(slots);
    Slot old = Slot.at(code, slot);
    switch (random.nextInt(7)) {
      case 0 -> code[random.nextInt(code.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 1 -> code[random.nextInt(code.length)] = (byte) random.nextInt();
      case 2 ->
          System.arraycopy(
              code, random.nextInt(slots) * Slot.BYTES, code, slot * Slot.BYTES, Slot.BYTES);
      case 3 ->
          new Slot(old.opcode(), random.nextInt(11), old.src(), old.offset(), old.imm())
              .put(code, slot);
      case 4 ->
          new Slot(old.opcode(), old.dst(), random.nextInt(11), old.offset(), old.imm())
              .put(code, slot);
      case 5 ->
          new Slot(
                  old.opcode(),
                  old.dst(),
                  old.src(),
                  (short) (old.offset() + random.nextInt(33) - 16),
                  old.imm())
              .put(code, slot);
      default ->
          new Slot(
                  old.opcode(),
                  old.dst(),
                  old.src(),
                  old.offset(),
                  old.imm() + random.nextInt(33) - 16)
              .put(code, slot);
    }
  }
}
