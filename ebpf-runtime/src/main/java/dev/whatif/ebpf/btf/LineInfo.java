package dev.whatif.ebpf.btf;

/**
 * The source line behind an instruction (include/uapi/linux/bpf.h, {@code struct bpf_line_info}).
 *
 * @param instructionOffset bytes: within the section, or within a program's code
 * @param file as the compiler was told
 * @param text the line itself, empty when the compiler did not see it
 * @param line 1 is the first
 * @param column 1 is the first, 0 is unknown
 * @param fileOffset where {@code file} lies among the object's strings
 * @param textOffset where {@code text} lies among the object's strings
 */
public record LineInfo(
    int instructionOffset,
    String file,
    String text,
    int line,
    int column,
    int fileOffset,
    int textOffset)
    implements CodeRecord<LineInfo> {

  /** Bytes of a record in {@code .BTF.ext} and for the kernel. */
  public static final int BYTES = 16;

  @Override
  public LineInfo at(int offset) {
    return new LineInfo(offset, file, text, line, column, fileOffset, textOffset);
  }

  /** Line and column as the kernel packs them. */
  public int lineAndColumn() {
    return line << 10 | column & 0x3ff;
  }
}
