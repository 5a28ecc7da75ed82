package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * What may stand between a thread and a system call: {@code <linux/seccomp.h>} filters and the user
 * dispatch of {@code <sys/prctl.h>}, as a tracer can ask for them.
 */
public final class Seccomp {

  public static final int RET_ACTION_FULL = 0xffff_0000;
  public static final int RET_ALLOW = 0x7fff_0000;

  /** {@code struct seccomp_data}. */
  public static final int DATA_BYTES = 64;

  public static final int DATA_NR = 0;
  public static final int DATA_ARCH = 4;
  public static final int DATA_INSTRUCTION_POINTER = 8;
  public static final int DATA_ARGS = 16;

  /** {@code AUDIT_ARCH_X86_64} of {@code <linux/audit.h>}. */
  public static final int AUDIT_ARCH_X86_64 = 0xc000_003e;

  /** {@code struct sock_filter}. */
  public static final int INSTRUCTION_BYTES = 8;

  static final int PTRACE_SECCOMP_GET_FILTER = 0x420c;
  static final int PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG = 0x4211;
  static final int DISPATCH_CONFIG_BYTES = 32;

  /** {@code BPF_MAXINSNS}. */
  private static final int MOST_INSTRUCTIONS = 4096;

  private static final MethodHandle PTRACE =
      Native.bindErrno(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private Seccomp() {}

  /**
   * A filter of a stopped tracee, as {@code struct sock_filter}s; call from the tracer's thread.
   *
   * @param index 0 is the one installed last
   * @return empty when there is none of that index
   * @throws LinuxException EACCES without CAP_SYS_ADMIN, EINVAL when the thread has no filters
   */
  public static Optional<byte[]> filter(int tid, int index) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = arena.allocate(MOST_INSTRUCTIONS * (long) INSTRUCTION_BYTES, 8);
      long n = ptrace(PTRACE_SECCOMP_GET_FILTER, tid, index, program.address());
      return Optional.of(program.asSlice(0, n * INSTRUCTION_BYTES).toArray(ValueLayout.JAVA_BYTE));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Whether a stopped tracee turns its own system calls into SIGSYS (prctl
   * PR_SET_SYSCALL_USER_DISPATCH, as Wine does); false on kernels before 6.4, which cannot tell.
   */
  public static boolean hasUserDispatch(int tid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(DISPATCH_CONFIG_BYTES, 8);
      ptrace(PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG, tid, DISPATCH_CONFIG_BYTES, config.address());
      return config.get(ValueLayout.JAVA_LONG, 0) != 0;
    } catch (LinuxException e) {
      if (e.is(Errno.ESRCH)) {
        throw e;
      }
      return false;
    }
  }

  private static long ptrace(int request, int tid, long address, long data) {
    try {
      long result =
          (long)
              PTRACE.invokeExact(
                  Native.callState(), Ptrace.NR_PTRACE, (long) request, (long) tid, address, data);
      if (result < 0) {
        throw Native.failed("PTRACE_SECCOMP_GET_FILTER");
      }
      return result;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
