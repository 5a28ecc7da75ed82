package dev.whatif.ebpf.interpreter;

import static dev.whatif.ebpf.interpreter.CheckedMemory.ALL;
import static dev.whatif.ebpf.interpreter.Operations.*;

import java.lang.foreign.ValueLayout;

/**
 * Fetch, decode, execute (RFC 9669 sections 4 and 5). The method must stay below the 8,000
 * bytecodes above which HotSpot does not compile, which a test watches; what is rare is elsewhere.
 */
final class Loop {

  /**
   * r0 to r10, and so many that four bits cannot point beyond them: HotSpot then checks nothing.
   */
  static final int REGISTERS = 16;

  private final Translation translation;
  private final long[] words;
  private final long[] constants;
  private final Execution execution;
  private final CheckedMemory memory;

  Loop(Translation translation, Execution execution, CheckedMemory memory) {
    this.translation = translation;
    this.execution = execution;
    this.memory = memory;
    words = translation.words();
    constants = translation.constants();
  }

  /**
   * Runs until the function at a depth returns.
   *
   * @param first the instruction to begin with
   * @param initial the registers at the beginning
   * @return its r0
   */
  long run(int first, int depth, long[] initial) {
    long[] r = new long[REGISTERS];
    System.arraycopy(initial, 0, r, 0, REGISTERS);
    long[] code = words;
    CheckedMemory m = memory;
    int at = first;
    while (true) {
      long word = code[at];
      int d = (int) word >>> 8 & 0xf;
      int s = (int) word >>> 12 & 0xf;
      int offset = (int) word >> 16;
      int step = 0;
      switch ((int) word & 0xff) {
        case ALU64 + ADD -> r[d] += r[s];
        case ALU64 + SUBTRACT -> r[d] -= r[s];
        case ALU64 + MULTIPLY -> r[d] *= r[s];
        case ALU64 + OR -> r[d] |= r[s];
        case ALU64 + AND -> r[d] &= r[s];
        case ALU64 + XOR -> r[d] ^= r[s];
        case ALU64 + SHIFT_LEFT -> r[d] <<= r[s];
        case ALU64 + SHIFT_RIGHT -> r[d] >>>= r[s];
        case ALU64 + SIGNED_SHIFT_RIGHT -> r[d] >>= r[s];
        case ALU64 + DIVIDE -> r[d] = Division.unsigned(r[d], r[s]);
        case ALU64 + SIGNED_DIVIDE -> r[d] = Division.signed(r[d], r[s]);
        case ALU64 + REMAINDER -> r[d] = Division.remainder(r[d], r[s]);
        case ALU64 + SIGNED_REMAINDER -> r[d] = Division.signedRemainder(r[d], r[s]);
        case ALU64 + MOVE -> r[d] = r[s];
        case ALU64_CONSTANT + ADD -> r[d] += word >> 32;
        case ALU64_CONSTANT + SUBTRACT -> r[d] -= word >> 32;
        case ALU64_CONSTANT + MULTIPLY -> r[d] *= word >> 32;
        case ALU64_CONSTANT + OR -> r[d] |= word >> 32;
        case ALU64_CONSTANT + AND -> r[d] &= word >> 32;
        case ALU64_CONSTANT + XOR -> r[d] ^= word >> 32;
        case ALU64_CONSTANT + SHIFT_LEFT -> r[d] <<= word >> 32;
        case ALU64_CONSTANT + SHIFT_RIGHT -> r[d] >>>= word >> 32;
        case ALU64_CONSTANT + SIGNED_SHIFT_RIGHT -> r[d] >>= word >> 32;
        case ALU64_CONSTANT + DIVIDE -> r[d] = Division.unsigned(r[d], word >> 32);
        case ALU64_CONSTANT + SIGNED_DIVIDE -> r[d] = Division.signed(r[d], word >> 32);
        case ALU64_CONSTANT + REMAINDER -> r[d] = Division.remainder(r[d], word >> 32);
        case ALU64_CONSTANT + SIGNED_REMAINDER -> r[d] = Division.signedRemainder(r[d], word >> 32);
        case ALU64_CONSTANT + MOVE -> r[d] = word >> 32;
        case ALU64 + NEGATE -> r[d] = -r[d];
        case ALU32 + ADD -> r[d] = unsigned((int) r[d] + (int) r[s]);
        case ALU32 + SUBTRACT -> r[d] = unsigned((int) r[d] - (int) r[s]);
        case ALU32 + MULTIPLY -> r[d] = unsigned((int) r[d] * (int) r[s]);
        case ALU32 + OR -> r[d] = unsigned((int) r[d] | (int) r[s]);
        case ALU32 + AND -> r[d] = unsigned((int) r[d] & (int) r[s]);
        case ALU32 + XOR -> r[d] = unsigned((int) r[d] ^ (int) r[s]);
        case ALU32 + SHIFT_LEFT -> r[d] = unsigned((int) r[d] << (int) r[s]);
        case ALU32 + SHIFT_RIGHT -> r[d] = unsigned((int) r[d] >>> (int) r[s]);
        case ALU32 + SIGNED_SHIFT_RIGHT -> r[d] = unsigned((int) r[d] >> (int) r[s]);
        case ALU32 + DIVIDE -> r[d] = Division.unsigned((int) r[d], (int) r[s]);
        case ALU32 + SIGNED_DIVIDE -> r[d] = Division.signed((int) r[d], (int) r[s]);
        case ALU32 + REMAINDER -> r[d] = Division.remainder((int) r[d], (int) r[s]);
        case ALU32 + SIGNED_REMAINDER -> r[d] = Division.signedRemainder((int) r[d], (int) r[s]);
        case ALU32 + MOVE -> r[d] = unsigned((int) r[s]);
        case ALU32_CONSTANT + ADD -> r[d] = unsigned((int) r[d] + (int) (word >> 32));
        case ALU32_CONSTANT + SUBTRACT -> r[d] = unsigned((int) r[d] - (int) (word >> 32));
        case ALU32_CONSTANT + MULTIPLY -> r[d] = unsigned((int) r[d] * (int) (word >> 32));
        case ALU32_CONSTANT + OR -> r[d] = unsigned((int) r[d] | (int) (word >> 32));
        case ALU32_CONSTANT + AND -> r[d] = unsigned((int) r[d] & (int) (word >> 32));
        case ALU32_CONSTANT + XOR -> r[d] = unsigned((int) r[d] ^ (int) (word >> 32));
        case ALU32_CONSTANT + SHIFT_LEFT -> r[d] = unsigned((int) r[d] << (int) (word >> 32));
        case ALU32_CONSTANT + SHIFT_RIGHT -> r[d] = unsigned((int) r[d] >>> (int) (word >> 32));
        case ALU32_CONSTANT + SIGNED_SHIFT_RIGHT ->
            r[d] = unsigned((int) r[d] >> (int) (word >> 32));
        case ALU32_CONSTANT + DIVIDE -> r[d] = Division.unsigned((int) r[d], (int) (word >> 32));
        case ALU32_CONSTANT + SIGNED_DIVIDE ->
            r[d] = Division.signed((int) r[d], (int) (word >> 32));
        case ALU32_CONSTANT + REMAINDER ->
            r[d] = Division.remainder((int) r[d], (int) (word >> 32));
        case ALU32_CONSTANT + SIGNED_REMAINDER ->
            r[d] = Division.signedRemainder((int) r[d], (int) (word >> 32));
        case ALU32_CONSTANT + MOVE -> r[d] = unsigned((int) (word >> 32));
        case ALU32 + NEGATE -> r[d] = unsigned(-(int) r[d]);
        case BRANCH64 + EQUAL -> step = r[d] == r[s] ? offset : 0;
        case BRANCH64 + NOT_EQUAL -> step = r[d] != r[s] ? offset : 0;
        case BRANCH64 + SIGNED_GREATER -> step = r[d] > r[s] ? offset : 0;
        case BRANCH64 + SIGNED_GREATER_OR_EQUAL -> step = r[d] >= r[s] ? offset : 0;
        case BRANCH64 + SIGNED_LESS -> step = r[d] < r[s] ? offset : 0;
        case BRANCH64 + SIGNED_LESS_OR_EQUAL -> step = r[d] <= r[s] ? offset : 0;
        case BRANCH64 + GREATER -> step = Long.compareUnsigned(r[d], r[s]) > 0 ? offset : 0;
        case BRANCH64 + GREATER_OR_EQUAL ->
            step = Long.compareUnsigned(r[d], r[s]) >= 0 ? offset : 0;
        case BRANCH64 + LESS -> step = Long.compareUnsigned(r[d], r[s]) < 0 ? offset : 0;
        case BRANCH64 + LESS_OR_EQUAL -> step = Long.compareUnsigned(r[d], r[s]) <= 0 ? offset : 0;
        case BRANCH64 + COMMON_BITS -> step = (r[d] & r[s]) != 0 ? offset : 0;
        case BRANCH64_CONSTANT + EQUAL -> step = r[d] == (word >> 32) ? offset : 0;
        case BRANCH64_CONSTANT + NOT_EQUAL -> step = r[d] != (word >> 32) ? offset : 0;
        case BRANCH64_CONSTANT + SIGNED_GREATER -> step = r[d] > (word >> 32) ? offset : 0;
        case BRANCH64_CONSTANT + SIGNED_GREATER_OR_EQUAL ->
            step = r[d] >= (word >> 32) ? offset : 0;
        case BRANCH64_CONSTANT + SIGNED_LESS -> step = r[d] < (word >> 32) ? offset : 0;
        case BRANCH64_CONSTANT + SIGNED_LESS_OR_EQUAL -> step = r[d] <= (word >> 32) ? offset : 0;
        case BRANCH64_CONSTANT + GREATER ->
            step = Long.compareUnsigned(r[d], word >> 32) > 0 ? offset : 0;
        case BRANCH64_CONSTANT + GREATER_OR_EQUAL ->
            step = Long.compareUnsigned(r[d], word >> 32) >= 0 ? offset : 0;
        case BRANCH64_CONSTANT + LESS ->
            step = Long.compareUnsigned(r[d], word >> 32) < 0 ? offset : 0;
        case BRANCH64_CONSTANT + LESS_OR_EQUAL ->
            step = Long.compareUnsigned(r[d], word >> 32) <= 0 ? offset : 0;
        case BRANCH64_CONSTANT + COMMON_BITS -> step = (r[d] & (word >> 32)) != 0 ? offset : 0;
        case BRANCH32 + EQUAL -> step = (int) r[d] == (int) r[s] ? offset : 0;
        case BRANCH32 + NOT_EQUAL -> step = (int) r[d] != (int) r[s] ? offset : 0;
        case BRANCH32 + SIGNED_GREATER -> step = (int) r[d] > (int) r[s] ? offset : 0;
        case BRANCH32 + SIGNED_GREATER_OR_EQUAL -> step = (int) r[d] >= (int) r[s] ? offset : 0;
        case BRANCH32 + SIGNED_LESS -> step = (int) r[d] < (int) r[s] ? offset : 0;
        case BRANCH32 + SIGNED_LESS_OR_EQUAL -> step = (int) r[d] <= (int) r[s] ? offset : 0;
        case BRANCH32 + GREATER ->
            step = Integer.compareUnsigned((int) r[d], (int) r[s]) > 0 ? offset : 0;
        case BRANCH32 + GREATER_OR_EQUAL ->
            step = Integer.compareUnsigned((int) r[d], (int) r[s]) >= 0 ? offset : 0;
        case BRANCH32 + LESS ->
            step = Integer.compareUnsigned((int) r[d], (int) r[s]) < 0 ? offset : 0;
        case BRANCH32 + LESS_OR_EQUAL ->
            step = Integer.compareUnsigned((int) r[d], (int) r[s]) <= 0 ? offset : 0;
        case BRANCH32 + COMMON_BITS -> step = ((int) r[d] & (int) r[s]) != 0 ? offset : 0;
        case BRANCH32_CONSTANT + EQUAL -> step = (int) r[d] == (int) (word >> 32) ? offset : 0;
        case BRANCH32_CONSTANT + NOT_EQUAL -> step = (int) r[d] != (int) (word >> 32) ? offset : 0;
        case BRANCH32_CONSTANT + SIGNED_GREATER ->
            step = (int) r[d] > (int) (word >> 32) ? offset : 0;
        case BRANCH32_CONSTANT + SIGNED_GREATER_OR_EQUAL ->
            step = (int) r[d] >= (int) (word >> 32) ? offset : 0;
        case BRANCH32_CONSTANT + SIGNED_LESS -> step = (int) r[d] < (int) (word >> 32) ? offset : 0;
        case BRANCH32_CONSTANT + SIGNED_LESS_OR_EQUAL ->
            step = (int) r[d] <= (int) (word >> 32) ? offset : 0;
        case BRANCH32_CONSTANT + GREATER ->
            step = Integer.compareUnsigned((int) r[d], (int) (word >> 32)) > 0 ? offset : 0;
        case BRANCH32_CONSTANT + GREATER_OR_EQUAL ->
            step = Integer.compareUnsigned((int) r[d], (int) (word >> 32)) >= 0 ? offset : 0;
        case BRANCH32_CONSTANT + LESS ->
            step = Integer.compareUnsigned((int) r[d], (int) (word >> 32)) < 0 ? offset : 0;
        case BRANCH32_CONSTANT + LESS_OR_EQUAL ->
            step = Integer.compareUnsigned((int) r[d], (int) (word >> 32)) <= 0 ? offset : 0;
        case BRANCH32_CONSTANT + COMMON_BITS ->
            step = ((int) r[d] & (int) (word >> 32)) != 0 ? offset : 0;
        case LOAD + BYTE ->
            r[d] = ALL.get(ValueLayout.JAVA_BYTE, m.readable(r[s] + offset, 1, at)) & 0xffL;
        case LOAD + HALF ->
            r[d] = ALL.get(CheckedMemory.HALF, m.readable(r[s] + offset, 2, at)) & 0xffffL;
        case LOAD + WORD ->
            r[d] = unsigned(ALL.get(CheckedMemory.WORD, m.readable(r[s] + offset, 4, at)));
        case LOAD + DOUBLE ->
            r[d] = ALL.get(CheckedMemory.DOUBLE, m.readable(r[s] + offset, 8, at));
        case LOAD_SIGNED + BYTE ->
            r[d] = ALL.get(ValueLayout.JAVA_BYTE, m.readable(r[s] + offset, 1, at));
        case LOAD_SIGNED + HALF ->
            r[d] = ALL.get(CheckedMemory.HALF, m.readable(r[s] + offset, 2, at));
        case LOAD_SIGNED + WORD ->
            r[d] = ALL.get(CheckedMemory.WORD, m.readable(r[s] + offset, 4, at));
        case STORE + BYTE ->
            ALL.set(ValueLayout.JAVA_BYTE, m.writable(r[d] + offset, 1, at), (byte) r[s]);
        case STORE + HALF ->
            ALL.set(CheckedMemory.HALF, m.writable(r[d] + offset, 2, at), (short) r[s]);
        case STORE + WORD ->
            ALL.set(CheckedMemory.WORD, m.writable(r[d] + offset, 4, at), (int) r[s]);
        case STORE + DOUBLE ->
            ALL.set(CheckedMemory.DOUBLE, m.writable(r[d] + offset, 8, at), r[s]);
        case STORE_CONSTANT + BYTE ->
            ALL.set(ValueLayout.JAVA_BYTE, m.writable(r[d] + offset, 1, at), (byte) (word >> 32));
        case STORE_CONSTANT + HALF ->
            ALL.set(CheckedMemory.HALF, m.writable(r[d] + offset, 2, at), (short) (word >> 32));
        case STORE_CONSTANT + WORD ->
            ALL.set(CheckedMemory.WORD, m.writable(r[d] + offset, 4, at), (int) (word >> 32));
        case STORE_CONSTANT + DOUBLE ->
            ALL.set(CheckedMemory.DOUBLE, m.writable(r[d] + offset, 8, at), word >> 32);
        case JUMP -> step = (int) (word >> 32);
        case LONG_CONSTANT -> r[d] = constants[(int) (word >> 32)];
        case EXTEND_BYTE -> r[d] = (byte) r[s];
        case EXTEND_HALF -> r[d] = (short) r[s];
        case EXTEND_WORD -> r[d] = (int) r[s];
        case EXTEND_BYTE32 -> r[d] = unsigned((byte) r[s]);
        case EXTEND_HALF32 -> r[d] = unsigned((short) r[s]);
        case SWAP16 -> r[d] = Short.reverseBytes((short) r[s]) & 0xffffL;
        case SWAP32 -> r[d] = unsigned(Integer.reverseBytes((int) r[s]));
        case SWAP64 -> r[d] = Long.reverseBytes(r[s]);
        case TRUNCATE16 -> r[d] = r[s] & 0xffff;
        case ATOMIC -> Atomics.perform(translation.at(at), r, m, at);
        case CALL_HELPER -> execution.callHelper((int) (word >> 32), r, at);
        case CALL_LOCAL -> {
          execution.push(at + 1, r, at);
          step = (int) (word >> 32);
        }
        case CALL_REGISTER -> step = callRegister(r, s, at) - at;
        case EXIT -> {
          if (execution.depth() == depth) {
            return r[0];
          }
          step = execution.pop(r) - 1 - at;
        }
        default -> throw execution.fault(at, "runs off the end of the program");
      }
      at += step + 1;
    }
  }

  /** A function of the program, or a helper by its number; the instruction before the next. */
  private int callRegister(long[] r, int target, int at) {
    if (r[target] == (int) r[target]) {
      execution.callHelper((int) r[target], r, at);
      return at;
    }
    int function = execution.functionAt(r[target], at);
    execution.push(at + 1, r, at);
    return function - 1;
  }

  private static long unsigned(int value) {
    return value & 0xffff_ffffL;
  }
}
