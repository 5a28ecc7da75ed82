package dev.whatif.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code <linux/bpf.h>}: the system call and the numbers of its flags. What it takes is a {@link
 * BpfAttr}, one class per member of {@code union bpf_attr}.
 *
 * <p>A kernel takes an attribute longer than it knows as long as the rest is zero; a field that it
 * does not know fails with E2BIG. So every attribute here is passed at its newest length.
 */
public final class Bpf {

  public static final int BPF_ANY = 0;
  public static final int BPF_NOEXIST = 1;
  public static final int BPF_EXIST = 2;
  public static final int BPF_F_LOCK = 4;

  public static final int BPF_F_NO_PREALLOC = 1;
  public static final int BPF_F_RDONLY_PROG = 1 << 7;
  public static final int BPF_F_MMAPABLE = 1 << 10;
  public static final int BPF_F_LINK = 1 << 13;
  public static final int BPF_F_VTYPE_BTF_OBJ_FD = 1 << 15;

  public static final int BPF_F_SLEEPABLE = 1 << 4;
  public static final int BPF_F_XDP_HAS_FRAGS = 1 << 5;
  public static final int BPF_F_UPROBE_MULTI_RETURN = 1;
  public static final int BPF_F_TEST_RUN_ON_CPU = 1;
  public static final int BPF_F_TEST_XDP_LIVE_FRAMES = 1 << 1;

  public static final int BPF_PSEUDO_MAP_FD = 1;
  public static final int BPF_PSEUDO_MAP_VALUE = 2;
  public static final int BPF_PSEUDO_BTF_ID = 3;
  public static final int BPF_PSEUDO_FUNC = 4;
  public static final int BPF_PSEUDO_CALL = 1;
  public static final int BPF_PSEUDO_KFUNC_CALL = 2;

  /** Bytes of a map's or program's name with its zero. */
  public static final int BPF_OBJ_NAME_LEN = 16;

  static final long NR_BPF = 321;

  private static final MethodHandle SYSCALL =
      Native.bindErrno(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private Bpf() {}

  /**
   * The call, for callers to whom a failure is an answer (no such key, no such type).
   *
   * @return the result, a file descriptor where the command makes one; or minus the errno
   */
  public static int tryCall(BpfCommand command, BpfAttr attr) {
    return tryCall(command, attr.segment());
  }

  static int tryCall(BpfCommand command, MemorySegment attr) {
    try {
      long result =
          (long)
              SYSCALL.invokeExact(
                  Native.callState(), NR_BPF, (long) command.ordinal(), attr, attr.byteSize());
      return result < 0 ? -Native.errno().value() : (int) result;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The call; a failure is thrown and names the command. */
  public static int call(BpfCommand command, BpfAttr attr) {
    int result = tryCall(command, attr);
    if (result < 0) {
      throw failure(command, result);
    }
    return result;
  }

  /** The exception for a negative result of {@link #tryCall}. */
  public static LinuxException failure(BpfCommand command, int result) {
    return new LinuxException("bpf(" + command + ")", new Errno(-result));
  }
}
