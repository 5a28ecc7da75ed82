package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.Seccomp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A seccomp filter, evaluated here for a call that is not made yet: the target must not be killed,
 * or be told of a refusal, because of a call that it never wanted to make.
 *
 * <p>Filters are classic BPF over {@code struct seccomp_data}, restricted by the kernel to what is
 * handled below (kernel/seccomp.c, seccomp_check_filter). Jumps only go forward, so that a program
 * ends after at most as many steps as it has instructions. Immutable.
 */
final class SeccompFilter {

  private static final int LD_W_ABS = 0x20;
  private static final int LD_W_LEN = 0x80;
  private static final int LDX_W_LEN = 0x81;
  private static final int LD_IMM = 0x00;
  private static final int LDX_IMM = 0x01;
  private static final int LD_MEM = 0x60;
  private static final int LDX_MEM = 0x61;
  private static final int ST = 0x02;
  private static final int STX = 0x03;
  private static final int RET_K = 0x06;
  private static final int RET_A = 0x16;
  private static final int TAX = 0x07;
  private static final int TXA = 0x87;
  private static final int CLASS_MASK = 0x07;
  private static final int CLASS_ALU = 0x04;
  private static final int CLASS_JMP = 0x05;
  private static final int DIVIDE = 0x30;
  private static final int SOURCE_X = 0x08;
  private static final int SCRATCH_WORDS = 16;

  private final ByteBuffer code;
  private final int count;

  /** A filter of so many {@code struct sock_filter}s (8 bytes each). */
  SeccompFilter(byte[] program) {
    this.code = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    this.count = program.length / Seccomp.INSTRUCTION_BYTES;
  }

  /** Whether the kernel would let this call through without telling anybody. */
  boolean allows(RemoteCall call, long instructionPointer) {
    return (evaluate(data(call, instructionPointer)) & Seccomp.RET_ACTION_FULL)
        == Seccomp.RET_ALLOW;
  }

  static ByteBuffer data(RemoteCall call, long instructionPointer) {
    ByteBuffer d = ByteBuffer.allocate(Seccomp.DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    d.putInt(Seccomp.DATA_NR, call.number());
    d.putInt(Seccomp.DATA_ARCH, Seccomp.AUDIT_ARCH_X86_64);
    d.putLong(Seccomp.DATA_INSTRUCTION_POINTER, instructionPointer);
    for (int i = 0; i < call.arguments().length; i++) {
      d.putLong(Seccomp.DATA_ARGS + i * Long.BYTES, call.arguments()[i]);
    }
    return d;
  }

  /** What the filter returns: SECCOMP_RET_* and 16 bits of data. */
  int evaluate(ByteBuffer data) {
    int a = 0;
    int x = 0;
    int[] scratch = new int[SCRATCH_WORDS];
    int pc = 0;
    while (pc >= 0 && pc < count) {
      int at = pc * Seccomp.INSTRUCTION_BYTES;
      int op = code.getShort(at) & 0xffff;
      int k = code.getInt(at + 4);
      pc++;
      switch (op & CLASS_MASK) {
        case CLASS_ALU -> {
          int operand = (op & SOURCE_X) != 0 ? x : k;
          if ((op & 0xf0) == DIVIDE && operand == 0) {
            return 0; // ends the program: kill
          }
          a = arithmetic(op, a, operand, pc);
        }
        case CLASS_JMP -> {
          boolean always = (op & 0xf0) == 0;
          if (always) {
            pc = (int) Math.min(count, pc + (k & 0xffff_ffffL));
          } else {
            boolean taken = compare(op, a, (op & SOURCE_X) != 0 ? x : k, pc);
            pc += code.get(at + (taken ? 2 : 3)) & 0xff;
          }
        }
        default -> {
          switch (op) {
            case LD_W_ABS -> a = word(data, k, pc);
            case LD_W_LEN -> a = Seccomp.DATA_BYTES;
            case LDX_W_LEN -> x = Seccomp.DATA_BYTES;
            case LD_IMM -> a = k;
            case LDX_IMM -> x = k;
            case LD_MEM -> a = scratch[slot(k, pc)];
            case LDX_MEM -> x = scratch[slot(k, pc)];
            case ST -> scratch[slot(k, pc)] = a;
            case STX -> scratch[slot(k, pc)] = x;
            case TAX -> x = a;
            case TXA -> a = x;
            case RET_K -> {
              return k;
            }
            case RET_A -> {
              return a;
            }
            default -> throw unknown(op, pc);
          }
        }
      }
    }
    throw new BadDataException("seccomp filter: no return before instruction " + pc);
  }

  private static int arithmetic(int op, int a, int operand, int pc) {
    return switch (op & 0xf0) {
      case 0x00 -> a + operand;
      case 0x10 -> a - operand;
      case 0x20 -> a * operand;
      case DIVIDE -> Integer.divideUnsigned(a, operand);
      case 0x40 -> a | operand;
      case 0x50 -> a & operand;
      case 0x60 -> a << operand;
      case 0x70 -> a >>> operand;
      case 0x80 -> -a;
      case 0xa0 -> a ^ operand;
      default -> throw unknown(op, pc);
    };
  }

  private static boolean compare(int op, int a, int operand, int pc) {
    return switch (op & 0xf0) {
      case 0x10 -> a == operand;
      case 0x20 -> Integer.compareUnsigned(a, operand) > 0;
      case 0x30 -> Integer.compareUnsigned(a, operand) >= 0;
      case 0x40 -> (a & operand) != 0;
      default -> throw unknown(op, pc);
    };
  }

  private static int word(ByteBuffer data, int offset, int pc) {
    if (offset < 0 || offset > Seccomp.DATA_BYTES - Integer.BYTES || (offset & 3) != 0) {
      throw new BadDataException(
          "seccomp filter: instruction %d loads offset %d".formatted(pc - 1, offset));
    }
    return data.getInt(offset);
  }

  private static int slot(int k, int pc) {
    if (k < 0 || k >= SCRATCH_WORDS) {
      throw new BadDataException(
          "seccomp filter: instruction %d uses scratch word %d".formatted(pc - 1, k));
    }
    return k;
  }

  private static BadDataException unknown(int op, int pc) {
    return new BadDataException(
        "seccomp filter: instruction %d has the unknown code 0x%x".formatted(pc - 1, op));
  }
}
