package dev.whatif.ebpf.isa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The grammar of the conformance suite's instructions: a mnemonic, then operands. */
final class ConformanceStatement implements Statement {

  /** Reads what follows a mnemonic. */
  @FunctionalInterface
  private interface Form {
    void read(AssemblyLine line);
  }

  private static final String REGISTER = "%r";

  private final AssemblySource source;
  private final SortedMap<String, Form> forms = new TreeMap<>();
  private final Map<String, AtomicOperator> atomics = new HashMap<>();
  private boolean exited;

  ConformanceStatement(AssemblySource source) {
    this.source = source;
    arithmetic();
    memory();
    jumps();
  }

  @Override
  public String withoutComment(String line) {
    int comment = line.indexOf('#');
    return comment < 0 ? line : line.substring(0, comment);
  }

  @Override
  public void read(AssemblyLine line) {
    int column = line.column();
    String mnemonic =
        line.word().orElseThrow(() -> line.error(column, "expected an instruction", null));
    Form form = forms.get(mnemonic);
    if (form == null) {
      throw line.error(column, "there is no instruction '" + mnemonic + "'", similar(mnemonic));
    }
    form.read(line);
  }

  private String similar(String mnemonic) {
    for (int length = mnemonic.length(); length > 0; length--) {
      String start = mnemonic.substring(0, length);
      List<String> known = forms.keySet().stream().filter(m -> m.startsWith(start)).toList();
      if (!known.isEmpty()) {
        return "did you mean " + String.join(", ", known) + "?";
      }
    }
    return "known are " + String.join(", ", forms.keySet());
  }

  private void arithmetic() {
    for (Width width : Width.values()) {
      String suffix = width == Width.W32 ? "32" : "";
      for (AluOperator operator : AluOperator.values()) {
        both(
            operator.mnemonic() + suffix,
            width,
            line -> {
              Register dst = registerAndComma(line);
              source.add(new Instruction.Alu(width, operator, dst, operand(line)));
            });
      }
      both(
          "mov" + suffix,
          width,
          line -> {
            Register dst = registerAndComma(line);
            source.add(new Instruction.Move(width, dst, operand(line)));
          });
      both(
          "neg" + suffix,
          width,
          line -> source.add(new Instruction.Negate(width, line.register(REGISTER))));
      for (int bits : new int[] {8, 16, 32}) {
        if (bits < 32 || width == Width.W64) {
          forms.put(
              "movsx" + bits + (width == Width.W32 ? "32" : "64"),
              line -> {
                Register dst = registerAndComma(line);
                Register src = line.register(REGISTER);
                source.add(new Instruction.MoveSigned(width, bits, dst, src));
              });
        }
      }
    }
    for (int bits : new int[] {16, 32, 64}) {
      swap("le", ByteSwap.TO_LITTLE, bits);
      swap("be", ByteSwap.TO_BIG, bits);
      swap("swap", ByteSwap.ALWAYS, bits);
      swap("bswap", ByteSwap.ALWAYS, bits);
    }
  }

  /** 64-bit instructions may be written with and without 64. */
  private void both(String mnemonic, Width width, Form form) {
    forms.put(mnemonic, form);
    if (width == Width.W64) {
      forms.put(mnemonic + "64", form);
    }
  }

  private void swap(String mnemonic, ByteSwap swap, int bits) {
    forms.put(
        mnemonic + bits,
        line -> source.add(new Instruction.SwapBytes(swap, bits, line.register(REGISTER))));
  }

  private void memory() {
    forms.put("lddw", this::load64);
    for (MemorySize size : MemorySize.values()) {
      String letters = ConformanceText.letters(size);
      forms.put("ldx" + letters, line -> load(line, size, false));
      forms.put("stx" + letters, line -> store(line, size, true));
      forms.put("st" + letters, line -> store(line, size, false));
      if (size != MemorySize.DOUBLE) {
        forms.put("ldxs" + letters, line -> load(line, size, true));
        forms.put(
            "ldabs" + letters,
            line -> source.add(new Instruction.LoadPacketAbsolute(size, line.number32())));
        forms.put(
            "ldind" + letters,
            line -> {
              Register index = registerAndComma(line);
              source.add(new Instruction.LoadPacketIndirect(size, index, line.number32()));
            });
      }
    }
    for (AtomicOperator operator : AtomicOperator.values()) {
      String plain = operator.mnemonic();
      boolean named =
          operator == AtomicOperator.EXCHANGE || operator == AtomicOperator.COMPARE_EXCHANGE;
      atomics.put(operator.fetches() && !named ? "fetch " + plain : plain, operator);
    }
    forms.put("lock", this::atomic);
  }

  private void load64(AssemblyLine line) {
    Register dst = registerAndComma(line);
    String word = line.peekWord();
    for (ReferenceKind kind : ReferenceKind.values()) {
      if (kind.mnemonic().equals(word)) {
        line.expect(word);
        int first = line.signed32();
        int second = kind.hasSecond() && (line.sees("+") || line.sees("-")) ? line.signed32() : 0;
        source.add(new Instruction.LoadReference(dst, kind, first, second));
        return;
      }
    }
    source.add(new Instruction.LoadImmediate(dst, line.number64()));
  }

  private void load(AssemblyLine line, MemorySize size, boolean signed) {
    Register dst = registerAndComma(line);
    line.expect("[");
    Register base = line.register(REGISTER);
    short offset = offsetAndBracket(line);
    source.add(new Instruction.Load(size, signed, dst, base, offset));
  }

  private void store(AssemblyLine line, MemorySize size, boolean register) {
    line.expect("[");
    Register base = line.register(REGISTER);
    short offset = offsetAndBracket(line);
    line.expect(",");
    Operand value = register ? line.register(REGISTER) : new Immediate(line.number32());
    source.add(new Instruction.Store(size, base, offset, value));
  }

  private void atomic(AssemblyLine line) {
    int column = line.column();
    String fetch = line.peekWord().equals("fetch") ? line.word().orElseThrow() + " " : "";
    String name = line.word().orElse("");
    Width width = name.endsWith("32") ? Width.W32 : Width.W64;
    String plain = width == Width.W32 ? name.substring(0, name.length() - 2) : name;
    AtomicOperator operator = atomics.get(fetch + plain);
    if (operator == null) {
      throw line.error(
          column,
          "there is no atomic operation '" + fetch + name + "'",
          "there are [fetch] add, or, and, xor, and xchg, cmpxchg; with 32 for 32 bits");
    }
    line.expect("[");
    Register base = line.register(REGISTER);
    short offset = offsetAndBracket(line);
    line.expect(",");
    Register src = line.register(REGISTER);
    source.add(new Instruction.Atomic(width, operator, base, offset, src));
  }

  private void jumps() {
    forms.put("ja", line -> target(line, new Instruction.Jump(false, 0)));
    forms.put("ja32", line -> target(line, new Instruction.Jump(true, 0)));
    for (Condition condition : Condition.values()) {
      for (Width width : Width.values()) {
        forms.put(
            condition.mnemonic() + (width == Width.W32 ? "32" : ""),
            line -> {
              Register dst = registerAndComma(line);
              Operand src = operand(line);
              line.expect(",");
              target(line, new Instruction.Branch(width, condition, dst, src, (short) 0));
            });
      }
    }
    forms.put("call", this::call);
    forms.put("exit", this::exit);
  }

  private void exit(AssemblyLine line) {
    if (!exited) {
      exited = true;
      source.rememberExit();
    }
    source.add(new Instruction.Exit());
  }

  private void call(AssemblyLine line) {
    switch (line.peekWord()) {
      case "local" -> {
        line.expect("local");
        target(line, new Instruction.CallLocal(0));
      }
      case "runtime" -> {
        line.expect("runtime");
        int btfId = line.number32();
        short module = line.accept(",") ? line.signed16() : 0;
        source.add(new Instruction.CallKernel(btfId, module));
      }
      default -> {
        if (line.peekWord().equals("helper")) {
          line.expect("helper");
        }
        source.add(
            line.sees("%")
                ? new Instruction.CallRegister(line.register(REGISTER))
                : new Instruction.CallHelper(line.number32()));
      }
    }
  }

  private void target(AssemblyLine line, Instruction open) {
    JumpTarget.read(line, open, source);
  }

  private static Register registerAndComma(AssemblyLine line) {
    Register register = line.register(REGISTER);
    line.expect(",");
    return register;
  }

  private static Operand operand(AssemblyLine line) {
    return line.sees("%") ? line.register(REGISTER) : new Immediate(line.number32());
  }

  private static short offsetAndBracket(AssemblyLine line) {
    short offset = line.sees("]") ? 0 : line.signed16();
    line.expect("]");
    return offset;
  }
}
