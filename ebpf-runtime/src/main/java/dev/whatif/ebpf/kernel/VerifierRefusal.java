package dev.whatif.ebpf.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why the verifier refused a program, read from its log (kernel/bpf/verifier.c). The text is meant
 * for people and changes between kernels: what is not recognised is left out, the log is whole.
 */
public final class VerifierRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int LINES_SHOWN = 12;

  /** {@code 12: (61) r0 = *(u32 *)(r1 +0) ; R1=...}. */
  private static final Pattern INSTRUCTION =
      Pattern.compile("^(\\d+): \\([0-9a-f]{2}\\) ([^;]*?)\\s*(?:;.*)?$");

  /** Lines that tell how far the verifier is, not what it finds wrong. */
  private static final Pattern PROGRESS =
      Pattern.compile(
          "^(?:;|\\d+:|from \\d+ to|processed \\d+ insns|verification time|stack depth|"
              + "Live regs|Func#|Validating|max_states|mark_precise|\\s*$|arg#\\d+ reference"
              + "|.*is safe for any args|last_idx|parent |regs=|propagating|prog '.*': relo |CO-RE relocating ).*");

  private static final Pattern STATISTICS =
      Pattern.compile("^(?:processed \\d+ insns|verification time|stack depth|max_states).*");

  private final String log;
  private final String reason;
  private final int instruction;
  private final String text;
  private final String source;

  private VerifierRefusal(String log, String reason, int instruction, String text, String source) {
    super(reason);
    this.log = log;
    this.reason = reason;
    this.instruction = instruction;
    this.text = text;
    this.source = source;
  }

  /** Reads a log. */
  static VerifierRefusal of(String log) {
    String reason = "";
    int instruction = -1;
    String text = "";
    String source = "";
    String lineAbove = "";
    for (String line : log.lines().toList()) {
      Matcher matcher = INSTRUCTION.matcher(line);
      if (matcher.matches()) {
        instruction = Integer.parseInt(matcher.group(1));
        text = matcher.group(2);
        source = lineAbove;
      } else if (line.startsWith("; ")) {
        lineAbove = line.substring(2).strip();
      } else if (!PROGRESS.matcher(line).matches()) {
        reason = line.strip();
      }
    }
    return new VerifierRefusal(log, reason, instruction, text, source);
  }

  /** The last line that finds something wrong; empty when none was recognised. */
  public String reason() {
    return reason;
  }

  /** The instruction it was looking at, counted in slots; empty when it had not begun. */
  public OptionalInt instruction() {
    return instruction < 0 ? OptionalInt.empty() : OptionalInt.of(instruction);
  }

  /** That instruction as the verifier writes it, for example {@code r0 = *(u32 *)(r1 +0)}. */
  public String instructionText() {
    return text;
  }

  /** The source line above it, with file and line number since Linux 6.8. */
  public Optional<String> source() {
    return source.isEmpty() ? Optional.empty() : Optional.of(source);
  }

  /** All that the verifier wrote. */
  public String log() {
    return log;
  }

  /** Its last lines, without the statistics at the end. */
  public String end() {
    List<String> lines = log.lines().filter(l -> !STATISTICS.matcher(l).matches()).toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }
}
