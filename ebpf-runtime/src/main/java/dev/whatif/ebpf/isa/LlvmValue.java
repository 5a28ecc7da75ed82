package dev.whatif.ebpf.isa;

import java.util.List;

/** What stands behind {@code =} in LLVM's text. */
final class LlvmValue {

  private static final List<AtomicOperator> FETCHES =
      List.of(
          AtomicOperator.FETCH_ADD,
          AtomicOperator.FETCH_OR,
          AtomicOperator.FETCH_AND,
          AtomicOperator.FETCH_XOR);

  private final AssemblyLine line;
  private final Width width;
  private final Register dst;

  /** A value that goes to a register under the name of a width. */
  LlvmValue(AssemblyLine line, Width width, Register dst) {
    this.line = line;
    this.width = width;
    this.dst = dst;
  }

  Instruction read() {
    String word = line.peekWord();
    if (LlvmStatement.isRegister(word)) {
      return new Instruction.Move(width, dst, LlvmStatement.register(line, width));
    }
    if (line.sees("*")) {
      return load();
    }
    if (line.sees("(")) {
      return moveSigned();
    }
    if (line.sees("-r") || line.sees("-w") || line.sees("-R") || line.sees("-W")) {
      line.expect("-");
      same(dst, width);
      return new Instruction.Negate(width, dst);
    }
    return word.isEmpty() ? constant() : function(word);
  }

  private Instruction constant() {
    // "ll" comes behind the number and decides how many bits it may have.
    if (line.endsWith("ll")) {
      require64();
      long value = line.number64();
      line.expect("ll");
      return new Instruction.LoadImmediate(dst, value);
    }
    return new Instruction.Move(width, dst, new Immediate(line.number32()));
  }

  private Instruction load() {
    line.expect("*");
    boolean signed = line.sees("(s");
    MemorySize size = LlvmMemory.type(line, signed ? "s" : "u");
    if (line.peekWord().equals("skb")) {
      return packet(size);
    }
    if (signed || size == MemorySize.DOUBLE) {
      require64();
    }
    LlvmMemory memory = LlvmMemory.inParentheses(line);
    return new Instruction.Load(size, signed, dst, memory.base(), memory.offset());
  }

  private Instruction packet(MemorySize size) {
    int column = line.column();
    line.expect("skb");
    if (dst != Register.R0 || width != Width.W64 || size == MemorySize.DOUBLE) {
      throw line.error(column, "packet loads are r0 = *(u8, u16 or u32 *)skb[...]", null);
    }
    line.expect("[");
    Instruction load;
    if (LlvmStatement.isRegister(line.peekWord())) {
      Register index = line.register("r");
      int offset = line.sees("+") || line.sees("-") ? line.signed32() : 0;
      load = new Instruction.LoadPacketIndirect(size, index, offset);
    } else {
      load = new Instruction.LoadPacketAbsolute(size, line.number32());
    }
    line.expect("]");
    return load;
  }

  private Instruction moveSigned() {
    line.expect("(");
    int column = line.column();
    String type = line.word().orElse("");
    int bits =
        switch (type) {
          case "s8" -> 8;
          case "s16" -> 16;
          case "s32" -> 32;
          default -> 0;
        };
    if (bits == 0 || bits == 32 && width == Width.W32) {
      throw line.error(
          column, "there is no type '" + type + "' here", "there are s8, s16 and, for r, s32");
    }
    line.expect(")");
    return new Instruction.MoveSigned(width, bits, dst, LlvmStatement.register(line, width));
  }

  private Instruction function(String word) {
    int column = line.column();
    for (ByteSwap swap : ByteSwap.values()) {
      for (int bits : new int[] {16, 32, 64}) {
        if (word.equals(swap.mnemonic() + bits)) {
          require64();
          line.expect(word);
          same(dst, Width.W64);
          return new Instruction.SwapBytes(swap, bits, dst);
        }
      }
    }
    for (AtomicOperator operator : FETCHES) {
      if (word.equals(operator.symbol())) {
        return fetch(operator);
      }
    }
    return switch (word) {
      case "xchg_64", "xchg32_32" -> exchange(word, AtomicOperator.EXCHANGE);
      case "cmpxchg_64", "cmpxchg32_32" -> exchange(word, AtomicOperator.COMPARE_EXCHANGE);
      default ->
          throw line.error(
              column,
              "'" + word + "' is no value",
              "there are numbers, registers, memory *(u64 *)(r1 + 0), le16 to bswap64, and atomics; "
                  + "addresses of symbols need an object, made by clang -target bpf");
    };
  }

  private Instruction fetch(AtomicOperator operator) {
    line.expect(operator.symbol());
    line.expect("(");
    int column = line.column();
    Width memoryWidth =
        switch (LlvmMemory.type(line, "u")) {
          case WORD -> Width.W32;
          case DOUBLE -> Width.W64;
          case BYTE, HALF -> throw line.error(column, "atomics are of u32 or u64", null);
        };
    LlvmMemory memory = LlvmMemory.inParentheses(line);
    line.expect(",");
    same(dst, LlvmStatement.width(line));
    line.expect(")");
    return new Instruction.Atomic(memoryWidth, operator, memory.base(), memory.offset(), dst);
  }

  private Instruction exchange(String word, AtomicOperator operator) {
    int column = line.column();
    line.expect(word);
    Width memoryWidth = word.endsWith("_64") ? Width.W64 : Width.W32;
    line.expect("(");
    LlvmMemory memory = LlvmMemory.bare(line);
    line.expect(",");
    Register src;
    if (operator == AtomicOperator.COMPARE_EXCHANGE) {
      if (dst != Register.R0) {
        throw line.error(column, "cmpxchg compares with r0 and returns to it", null);
      }
      same(Register.R0, LlvmStatement.width(line));
      line.expect(",");
      src = LlvmStatement.anyRegister(line);
    } else {
      same(dst, LlvmStatement.width(line));
      src = dst;
    }
    line.expect(")");
    return new Instruction.Atomic(memoryWidth, operator, memory.base(), memory.offset(), src);
  }

  /** Reads a register that must be a certain one. */
  private void same(Register expected, Width name) {
    int column = line.column();
    if (LlvmStatement.register(line, name) != expected) {
      throw line.error(
          column,
          "this instruction works on one register: both must be r" + expected.number(),
          null);
    }
  }

  private void require64() {
    if (width == Width.W32) {
      throw line.error(line.column(), "the result has 64 bits and goes to r" + dst.number(), null);
    }
  }
}
