package dev.whatif.ebpf.verifier;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.isa.Disassembler;
import dev.whatif.ebpf.isa.Slot;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why {@link Verifier} refused a program: which instruction, what the registers held, what is wrong
 * with that and what to change. The message says all of it.
 */
public final class ProgramRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Pattern MAP = Pattern.compile("\\bmap (\\d{1,4})\\b");

  private final int index;
  private final int slot;
  private final String instruction;
  private final String reason;
  private final String remedy;
  private final transient List<String> registers;
  private final transient Optional<LineInfo> source;

  private ProgramRefusal(
      String message,
      int index,
      int slot,
      String instruction,
      Fault fault,
      List<String> registers,
      Optional<LineInfo> source) {
    super(message);
    this.index = index;
    this.slot = slot;
    this.instruction = instruction;
    this.reason = fault.reason();
    this.remedy = fault.remedy();
    this.registers = registers;
    this.source = source;
  }

  /**
   * A refusal at an instruction.
   *
   * @param frame what was known there; null when no way was followed to it
   */
  static ProgramRefusal of(Program program, int index, @Nullable StackFrame frame, Fault cause) {
    Fault fault = new Fault(withNames(program, cause.reason()), cause.remedy());
    boolean exists = index < program.code().instructions().size();
    int slot = exists ? program.code().slotOf(index) : 0;
    String instruction =
        exists ? Disassembler.of(Dialect.LLVM).text(program.code().instructions().get(index)) : "";
    List<String> registers =
        frame == null
            ? List.of()
            : frame.describe().stream().map(r -> withNames(program, r)).toList();
    Optional<LineInfo> source = lineOf(program, slot);
    StringBuilder message = new StringBuilder(200);
    message.append("program '%s' is refused: %s".formatted(program.name(), fault.reason()));
    message.append("\n  at instruction %d (slot %d): %s".formatted(index, slot, instruction));
    source.ifPresent(l ->
        message.append("\n  source: %s:%d: %s".formatted(l.file(), l.line(), l.text().strip())));
    registers.forEach(r -> message.append("\n    ").append(r));
    return new ProgramRefusal(
        message.toString(), index, slot, instruction, fault, registers, source);
  }

  /** States know maps by their numbers, and people by their names. */
  private static String withNames(Program program, String text) {
    return MAP.matcher(text)
        .replaceAll(m -> {
          int map = Integer.parseInt(m.group(1));
          return map >= program.maps().size()
              ? m.group()
              : Matcher.quoteReplacement("map '" + program.maps().get(map).name() + "'");
        });
  }

  private static Optional<LineInfo> lineOf(Program program, int slot) {
    return program.lines().stream()
        .filter(l -> l.instructionOffset() <= slot * Slot.BYTES)
        .reduce((_, later) -> later);
  }

  /** The instruction, counted from 0. */
  public int index() {
    return index;
  }

  /** The slot where it begins, which is what the kernel and {@code llvm-objdump} count. */
  public int slot() {
    return slot;
  }

  /** Its text, as {@code llvm-objdump} writes it. */
  public String instruction() {
    return instruction;
  }

  /** What is wrong, in a C programmer's words. */
  public String reason() {
    return reason;
  }

  /** What to change. */
  public String remedy() {
    return remedy;
  }

  /** What was known of each register that had been written, such as {@code r1 = the context}. */
  public List<String> registers() {
    return registers;
  }

  /** The line that the instruction was compiled from; empty when the program does not know. */
  public Optional<LineInfo> source() {
    return source;
  }

  /** The same as a failure of a command. */
  public BadDataException asBadData() {
    return new BadDataException(String.valueOf(getMessage()), remedy, this);
  }
}
