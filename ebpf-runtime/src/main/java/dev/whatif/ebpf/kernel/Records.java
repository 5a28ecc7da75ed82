package dev.whatif.ebpf.kernel;

import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.btf.LineInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * What is known about a program's code, in the kernel's layouts ({@code include/uapi/linux/bpf.h}):
 * offsets of functions and lines count slots, those of relocations bytes.
 */
final class Records {

  private Records() {}

  /** {@code struct bpf_func_info}. */
  static byte[] functions(List<FuncInfo> functions) {
    ByteBuffer out = little(functions.size() * FuncInfo.BYTES);
    functions.forEach(f -> out.putInt(f.slot()).putInt(f.typeId()));
    return out.array();
  }

  /** {@code struct bpf_line_info}. */
  static byte[] lines(List<LineInfo> lines) {
    ByteBuffer out = little(lines.size() * LineInfo.BYTES);
    lines.forEach(l ->
        out.putInt(l.slot())
            .putInt(l.fileOffset())
            .putInt(l.textOffset())
            .putInt(l.lineAndColumn()));
    return out.array();
  }

  /** {@code struct bpf_core_relo}. */
  static byte[] relocations(List<CoreRelocation> relocations) {
    ByteBuffer out = little(relocations.size() * CoreRelocation.BYTES);
    relocations.forEach(r ->
        out.putInt(r.instructionOffset())
            .putInt(r.typeId())
            .putInt(r.accessOffset())
            .putInt(r.kind().number()));
    return out.array();
  }

  /** The source line of a slot: {@code FILE:LINE: TEXT}. */
  static Optional<String> source(List<LineInfo> lines, int slot) {
    LineInfo last = null;
    for (LineInfo line : lines) {
      if (line.slot() <= slot) {
        last = line;
      }
    }
    return Optional.ofNullable(last)
        .map(l -> "%s:%d: %s".formatted(l.file(), l.line(), l.text().strip()));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
