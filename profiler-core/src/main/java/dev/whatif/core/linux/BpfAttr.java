package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A member of {@code union bpf_attr} ({@code <linux/bpf.h>}), all zero at first. Its memory, and
 * that of everything it points to, must live until the call returns; setters that take bytes copy
 * them into the attribute's own arena.
 *
 * <p>Offsets of the subclasses are checked against the compiler's, and the newest fields against
 * the running kernel's BTF.
 */
public abstract sealed class BpfAttr
    permits BpfBatchAttr,
        BpfBtfAttr,
        BpfElementAttr,
        BpfIdAttr,
        BpfInfoAttr,
        BpfLinkAttr,
        BpfMapAttr,
        BpfPathAttr,
        BpfProgramAttr,
        BpfRawTracepointAttr,
        BpfTestAttr {

  private final Arena arena;
  private final MemorySegment segment;

  BpfAttr(Arena arena, int bytes) {
    this.arena = arena;
    segment = arena.allocate(bytes, 8);
  }

  /** The struct. */
  public final MemorySegment segment() {
    return segment;
  }

  final void set(int offset, int value) {
    segment.set(ValueLayout.JAVA_INT, offset, value);
  }

  final void set(int offset, long value) {
    segment.set(ValueLayout.JAVA_LONG, offset, value);
  }

  final int getInt(int offset) {
    return segment.get(ValueLayout.JAVA_INT, offset);
  }

  /** Stores the address of memory that the caller keeps alive. */
  final void point(int offset, MemorySegment memory) {
    set(offset, memory.address());
  }

  /** Stores the address of a copy; no bytes make a null pointer. */
  final void copy(int offset, byte[] bytes) {
    if (bytes.length > 0) {
      MemorySegment memory = arena.allocate(bytes.length, 8);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
      point(offset, memory);
    }
  }

  /** Stores the address of a copy as a C string. */
  final void copy(int offset, String text) {
    point(offset, arena.allocateFrom(text));
  }

  /** Stores the address of a copy of numbers; none make a null pointer. */
  final void copy(int offset, long[] numbers) {
    if (numbers.length > 0) {
      point(offset, arena.allocateFrom(ValueLayout.JAVA_LONG, numbers));
    }
  }

  /** Stores the address of a copy of numbers; none make a null pointer. */
  final void copy(int offset, int[] numbers) {
    if (numbers.length > 0) {
      point(offset, arena.allocateFrom(ValueLayout.JAVA_INT, numbers));
    }
  }

  /**
   * Writes a name as the kernel takes it: at most 15 letters, digits, underscores and dots
   * (kernel/bpf/syscall.c, bpf_obj_name_cpy); anything else becomes an underscore.
   */
  final void name(int offset, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < Math.min(bytes.length, Bpf.BPF_OBJ_NAME_LEN - 1); i++) {
      int c = bytes[i] & 0xff;
      boolean allowed = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '.');
      segment.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (allowed ? c : '_'));
    }
  }
}
