package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** {@code bpf_attr.test}: what {@code BPF_PROG_TEST_RUN} takes and gives. */
public final class BpfTestAttr extends BpfAttr {

  static final int PROG_FD = 0;
  static final int RETVAL = 4;
  static final int DATA_SIZE_IN = 8;
  static final int DATA_SIZE_OUT = 12;
  static final int DATA_IN = 16;
  static final int DATA_OUT = 24;
  static final int REPEAT = 32;
  static final int DURATION = 36;
  static final int CTX_SIZE_IN = 40;
  static final int CTX_SIZE_OUT = 44;
  static final int CTX_IN = 48;
  static final int CTX_OUT = 56;
  static final int FLAGS = 64;
  static final int CPU = 68;
  static final int BATCH_SIZE = 72;
  static final int BYTES = 80;

  /** A run of a program. */
  public BpfTestAttr(Arena arena, int programFd) {
    super(arena, BYTES);
    set(PROG_FD, programFd);
  }

  /** Sets {@code data_in} and {@code data_out}. */
  public BpfTestAttr data(byte[] in, MemorySegment out) {
    copy(DATA_IN, in);
    set(DATA_SIZE_IN, in.length);
    if (out.byteSize() > 0) {
      point(DATA_OUT, out);
      set(DATA_SIZE_OUT, (int) out.byteSize());
    }
    return this;
  }

  /**
   * Sets {@code ctx_in} and {@code ctx_out}.
   *
   * @param in at least as big as the context; syscall programs change it in place
   */
  public BpfTestAttr context(MemorySegment in, MemorySegment out) {
    if (in.byteSize() > 0) {
      point(CTX_IN, in);
      set(CTX_SIZE_IN, (int) in.byteSize());
    }
    if (out.byteSize() > 0) {
      point(CTX_OUT, out);
      set(CTX_SIZE_OUT, (int) out.byteSize());
    }
    return this;
  }

  /** Sets {@code repeat}. */
  public BpfTestAttr repeat(int times) {
    set(REPEAT, times);
    return this;
  }

  /** Sets {@code flags}, {@code cpu} and {@code batch_size}. */
  public BpfTestAttr mode(int flags, int cpu, int batchSize) {
    set(FLAGS, flags);
    set(CPU, cpu);
    set(BATCH_SIZE, batchSize);
    return this;
  }

  /** What the program returned. */
  public int returned() {
    return getInt(RETVAL);
  }

  /** Nanoseconds of one run on average, whole. */
  public int durationNanos() {
    return getInt(DURATION);
  }

  /** Bytes of data that came out, also when there was no room for them. */
  public int dataOut() {
    return getInt(DATA_SIZE_OUT);
  }

  /** Bytes of context that came out. */
  public int contextOut() {
    return getInt(CTX_SIZE_OUT);
  }
}
