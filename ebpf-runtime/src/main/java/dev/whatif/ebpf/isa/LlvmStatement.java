package dev.whatif.ebpf.isa;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** The grammar of LLVM's text: statements that look like C. */
final class LlvmStatement implements Statement {

  private static final Pattern REGISTER = Pattern.compile("[rRwW][0-9]+");

  /** Longer symbols first, so that none hides another. */
  private static final List<AluOperator> OPERATORS =
      Arrays.stream(AluOperator.values())
          .sorted(Comparator.comparing((AluOperator o) -> o.symbol().length()).reversed())
          .toList();

  private static final List<Condition> CONDITIONS =
      Arrays.stream(Condition.values())
          .sorted(Comparator.comparing((Condition c) -> c.symbol().length()).reversed())
          .toList();

  private final AssemblySource source;

  LlvmStatement(AssemblySource source) {
    this.source = source;
  }

  @Override
  public String withoutComment(String line) {
    int hash = line.indexOf('#');
    int slashes = line.indexOf("//");
    int end = hash < 0 ? line.length() : hash;
    return line.substring(0, slashes < 0 ? end : Math.min(end, slashes));
  }

  @Override
  public void read(AssemblyLine line) {
    String word = line.peekWord();
    switch (word) {
      case "exit" -> {
        line.expect(word);
        source.add(new Instruction.Exit());
      }
      case "goto", "gotol" -> {
        line.expect(word);
        target(line, new Instruction.Jump(word.equals("gotol"), 0));
      }
      case "if" -> branch(line);
      case "call" -> call(line);
      case "callx" -> {
        line.expect(word);
        source.add(new Instruction.CallRegister(line.register("r")));
      }
      case "lock" -> lock(line);
      case "ld_pseudo" -> reference(line);
      default -> {
        if (line.sees("*")) {
          store(line);
        } else if (isRegister(word)) {
          assignment(line);
        } else {
          throw unknown(line, word);
        }
      }
    }
  }

  private static RuntimeException unknown(AssemblyLine line, String word) {
    return word.startsWith(".")
        ? line.error(
            line.column(),
            "directive '" + word + "' is not for code",
            "leave it out: here is only code; objects are made by clang -target bpf")
        : line.error(
            line.column(),
            "expected an instruction but " + line.found(),
            "instructions look like: r1 = 5; r1 += r2; if r1 > 3 goto +2; call 1; exit");
  }

  private void branch(AssemblyLine line) {
    line.expect("if");
    Width width = width(line);
    Register dst = register(line, width);
    int column = line.column();
    Condition condition =
        CONDITIONS.stream()
            .filter(c -> line.accept(c.symbol()))
            .findFirst()
            .orElseThrow(() ->
                line.error(
                    column,
                    "expected a comparison but " + line.found(),
                    "there are == != > >= < <= & and, signed, s> s>= s< s<="));
    Operand src = operand(line, width);
    line.expect("goto");
    target(line, new Instruction.Branch(width, condition, dst, src, (short) 0));
  }

  private void call(AssemblyLine line) {
    line.expect("call");
    String word = line.peekWord();
    if (word.equals("kfunc")) {
      line.expect(word);
      int btfId = line.number32();
      short module = line.accept(",") ? line.signed16() : 0;
      source.add(new Instruction.CallKernel(btfId, module));
    } else if (word.isEmpty()) {
      source.add(new Instruction.CallHelper(line.number32()));
    } else {
      target(line, new Instruction.CallLocal(0));
    }
  }

  private void lock(AssemblyLine line) {
    line.expect("lock");
    line.expect("*");
    Width width = pointedWidth(line);
    LlvmMemory memory = LlvmMemory.inParentheses(line);
    int column = line.column();
    AtomicOperator operator =
        List.of(AtomicOperator.ADD, AtomicOperator.OR, AtomicOperator.AND, AtomicOperator.XOR)
            .stream()
            .filter(o -> line.accept(o.symbol()))
            .findFirst()
            .orElseThrow(() ->
                line.error(
                    column, "expected an operator but " + line.found(), "there are += |= &= ^="));
    Register src = anyRegister(line);
    source.add(new Instruction.Atomic(width, operator, memory.base(), memory.offset(), src));
  }

  private void reference(AssemblyLine line) {
    line.expect("ld_pseudo");
    Register dst = line.register("r");
    line.expect(",");
    int column = line.column();
    int code = line.number32();
    if (!ReferenceKind.exists(code)) {
      throw line.error(column, "there is no reference of kind " + code, "there are 1 to 6");
    }
    ReferenceKind kind = ReferenceKind.of(code);
    line.expect(",");
    int first = line.number32();
    int second = kind.hasSecond() && line.accept(",") ? line.number32() : 0;
    source.add(new Instruction.LoadReference(dst, kind, first, second));
  }

  private void store(AssemblyLine line) {
    line.expect("*");
    MemorySize size = LlvmMemory.type(line, "u");
    LlvmMemory memory = LlvmMemory.inParentheses(line);
    line.expect("=");
    Operand value =
        isRegister(line.peekWord()) ? anyRegister(line) : new Immediate(line.number32());
    source.add(new Instruction.Store(size, memory.base(), memory.offset(), value));
  }

  private void assignment(AssemblyLine line) {
    Width width = width(line);
    Register dst = register(line, width);
    for (AluOperator operator : OPERATORS) {
      if (line.accept(operator.symbol())) {
        source.add(new Instruction.Alu(width, operator, dst, operand(line, width)));
        return;
      }
    }
    if (!line.accept("=") || line.sees("=")) {
      throw line.error(
          line.column(),
          "expected an assignment but " + line.found(),
          "there are = += -= *= /= s/= %= s%= |= &= ^= <<= >>= s>>=");
    }
    source.add(new LlvmValue(line, width, dst).read());
  }

  private void target(AssemblyLine line, Instruction open) {
    JumpTarget.read(line, open, source);
    // What llvm-objdump says about the target.
    line.skipAngleBrackets();
  }

  private static Width pointedWidth(AssemblyLine line) {
    int column = line.column();
    return switch (LlvmMemory.type(line, "u")) {
      case WORD -> Width.W32;
      case DOUBLE -> Width.W64;
      case BYTE, HALF -> throw line.error(column, "atomics are of u32 or u64", null);
    };
  }

  static Operand operand(AssemblyLine line, Width width) {
    return isRegister(line.peekWord()) ? register(line, width) : new Immediate(line.number32());
  }

  static boolean isRegister(String word) {
    return REGISTER.matcher(word).matches();
  }

  static Width width(AssemblyLine line) {
    return line.peekWord().startsWith("w") || line.peekWord().startsWith("W")
        ? Width.W32
        : Width.W64;
  }

  static Register register(AssemblyLine line, Width width) {
    return line.register(width == Width.W32 ? "w" : "r");
  }

  /** A register where its half says nothing. */
  static Register anyRegister(AssemblyLine line) {
    return register(line, width(line));
  }
}
