package dev.whatif.ebpf.aot;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.Literal;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The machine code of one program, as it lies in a file.
 *
 * @param program its name
 * @param madeOf SHA-256 of the instructions that were compiled
 * @param code what they became
 */
@SuppressWarnings("ArrayRecordComponent")
public record NativeImage(String program, byte[] madeOf, CompiledCode code) {

  private static final int DIGEST_BYTES = 32;
  private static final int MOST_CODE = 64 << 20;
  private static final int MOST_LITERALS = 1 << 20;
  private static final int MOST_SLOTS = 1 << 22;

  /** Kinds of literals in the file. */
  private enum Kind {
    MAP,
    MAP_VALUE,
    HELPER,
    TAIL_CALL
  }

  /** The image of a program. */
  public static NativeImage of(VerifiedProgram program, CompiledCode code) {
    return new NativeImage(program.program().name(), digest(program), code);
  }

  /**
   * The machine code for a program, when it is that program's and this machine can run it.
   *
   * @param features of the CPU
   * @return empty when it is not
   */
  public Optional<CompiledCode> codeFor(VerifiedProgram verified, Set<CpuFeature> features) {
    return whyNotFor(verified, features).isEmpty() ? Optional.of(code) : Optional.empty();
  }

  /** Why the machine code does not count for a program; empty when it does. */
  public String whyNotFor(VerifiedProgram verified, Set<CpuFeature> features) {
    if (!MessageDigest.isEqual(madeOf, digest(verified))) {
      return "it was made of other instructions: by another version, or for another kernel's types";
    }
    Set<CpuFeature> missing = EnumSet.noneOf(CpuFeature.class);
    missing.addAll(code.features());
    missing.removeAll(features);
    return missing.isEmpty() ? "" : "this CPU has no " + missing;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(program);
    out.write(madeOf);
    out.writeInt(code.entry());
    out.writeInt(code.bytes().length);
    out.write(code.bytes());
    out.writeInt(code.literals().size());
    for (Literal literal : code.literals()) {
      out.writeInt(literal.offset());
      switch (literal.target()) {
        case Literal.MapAddress(int index) -> target(out, Kind.MAP, index, 0);
        case Literal.MapValue(int index, int offset) -> target(out, Kind.MAP_VALUE, index, offset);
        case Literal.Helper(int id) -> target(out, Kind.HELPER, id, 0);
        case Literal.TailCall() -> target(out, Kind.TAIL_CALL, 0, 0);
      }
    }
    out.writeInt(code.slotOffsets().length);
    for (int offset : code.slotOffsets()) {
      out.writeInt(offset);
    }
    out.writeInt(code.features().size());
    for (CpuFeature feature : code.features()) {
      out.writeUTF(feature.name());
    }
  }

  private static void target(DataOutputStream out, Kind kind, int first, int second)
      throws IOException {
    out.writeByte(kind.ordinal());
    out.writeInt(first);
    out.writeInt(second);
  }

  /**
   * Reads an image.
   *
   * @throws BadDataException when a number in it cannot be
   * @throws IOException when it ends too early
   */
  static NativeImage read(DataInputStream in) throws IOException {
    String program = in.readUTF();
    byte[] madeOf = in.readNBytes(DIGEST_BYTES);
    int entry = in.readInt();
    byte[] bytes = in.readNBytes(count(in, MOST_CODE, "bytes of code"));
    List<Literal> literals = new ArrayList<>();
    for (int i = count(in, MOST_LITERALS, "literals"); i > 0; i--) {
      int offset = in.readInt();
      if (offset < 0 || offset > bytes.length - Long.BYTES) {
        throw new BadDataException("a literal at %d of %d bytes".formatted(offset, bytes.length));
      }
      literals.add(new Literal(offset, target(in)));
    }
    int[] slots = new int[count(in, Math.min(MOST_SLOTS, in.available()), "slots")];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = in.readInt();
    }
    Set<CpuFeature> features = EnumSet.noneOf(CpuFeature.class);
    for (int i = count(in, CpuFeature.values().length, "CPU features"); i > 0; i--) {
      features.add(feature(in.readUTF()));
    }
    if (entry < 0 || entry >= bytes.length) {
      throw new BadDataException("code of %d bytes begins at %d".formatted(bytes.length, entry));
    }
    return new NativeImage(
        program, madeOf, new CompiledCode(bytes, literals, entry, slots, features));
  }

  private static Literal.Target target(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    int first = in.readInt();
    int second = in.readInt();
    if (kind >= Kind.values().length) {
      throw new BadDataException("a literal of kind " + kind);
    }
    return switch (Kind.values()[kind]) {
      case MAP -> new Literal.MapAddress(first);
      case MAP_VALUE -> new Literal.MapValue(first, second);
      case HELPER -> new Literal.Helper(first);
      case TAIL_CALL -> new Literal.TailCall();
    };
  }

  private static int count(DataInputStream in, int most, String what) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw new BadDataException("%d %s".formatted(count, what));
    }
    return count;
  }

  private static CpuFeature feature(String name) {
    return Arrays.stream(CpuFeature.values())
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BadDataException("an unknown CPU feature"));
  }

  private static byte[] digest(VerifiedProgram program) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(program.code().bytes());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
