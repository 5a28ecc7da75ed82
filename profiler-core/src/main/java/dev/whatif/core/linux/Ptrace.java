package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code <sys/ptrace.h>} for x86-64, of seized threads only.
 *
 * <p>The kernel ties a tracee to one thread of the tracer: every request must come from the thread
 * that seized. A request on a thread that is not in a ptrace stop fails with ESRCH, exactly as one
 * on a thread that does not exist. The kernel's own call is used, not the C library's function,
 * which hides the result of the PEEK requests in errno.
 */
public final class Ptrace {

  public static final int PEEKTEXT = 1;
  public static final int POKETEXT = 4;
  public static final int CONT = 7;
  public static final int SINGLESTEP = 9;
  public static final int GETREGS = 12;
  public static final int SETREGS = 13;
  public static final int DETACH = 17;
  public static final int SYSCALL = 24;
  public static final int SETOPTIONS = 0x4200;
  public static final int GETEVENTMSG = 0x4201;
  public static final int GETSIGINFO = 0x4202;
  public static final int GETREGSET = 0x4204;
  public static final int SETREGSET = 0x4205;
  public static final int SEIZE = 0x4206;
  public static final int INTERRUPT = 0x4207;
  public static final int LISTEN = 0x4208;
  public static final int GETSIGMASK = 0x420a;
  public static final int SETSIGMASK = 0x420b;
  public static final int GET_SYSCALL_INFO = 0x420e;
  public static final int GET_RSEQ_CONFIGURATION = 0x420f;

  /** Marks a stop at a system call with 0x80 in the signal number. */
  public static final int O_TRACESYSGOOD = 1;

  /** The event of a stop that INTERRUPT, a group stop or SIGCONT caused. */
  public static final int EVENT_STOP = 128;

  /** The vector state with the XSAVE header ({@code <elf.h>}). */
  public static final int NT_X86_XSTATE = 0x202;

  /** {@code sizeof(siginfo_t)}. */
  public static final long SIGINFO_BYTES = 128;

  static final long SIGINFO_CODE = 8;
  static final long RSEQ_CONFIGURATION_BYTES = 24;
  static final long SYSCALL_INFO_BYTES = 88;
  static final long SYSCALL_INFO_NUMBER = 24;
  static final long NR_PTRACE = 101;

  /** The kernel's sigset_t: 64 signals. */
  private static final long KERNEL_SIGSET_BYTES = 8;

  /** More than the vector state of any x86-64 CPU so far (AMX: 10,752 bytes). */
  private static final int LARGEST_XSTATE = 64 * 1024;

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

  /** What requests point to; per thread, so that no request allocates. */
  private static final ThreadLocal<MemorySegment> SCRATCH =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(4096, 16));

  private Ptrace() {}

  /** What the last stop of a thread was. */
  public record SyscallStop(Kind kind, long number) {
    /** {@code ptrace_syscall_info.op}. */
    public enum Kind {
      NONE,
      ENTRY,
      EXIT,
      SECCOMP
    }
  }

  /**
   * The restartable-sequence area that a thread has registered ({@code struct
   * ptrace_rseq_configuration}).
   *
   * @param address of {@code struct rseq}; 0 when it has none
   */
  public record RseqConfiguration(long address, int size, int signature) {}

  /** Makes a thread this thread's tracee without stopping it. */
  public static void seize(int tid, int options) {
    request("PTRACE_SEIZE", SEIZE, tid, 0, options);
  }

  /** Asks a tracee to stop; it will report {@link #EVENT_STOP}. */
  public static void interrupt(int tid) {
    request("PTRACE_INTERRUPT", INTERRUPT, tid, 0, 0);
  }

  /** Lets a stopped thread run, delivering a signal (0: none). */
  public static void cont(int tid, int signal) {
    request("PTRACE_CONT", CONT, tid, 0, signal);
  }

  /** Leaves a group-stopped thread stopped, but hears of its going on. */
  public static void listen(int tid) {
    request("PTRACE_LISTEN", LISTEN, tid, 0, 0);
  }

  /**
   * Lets it execute one instruction. It ends in a forced SIGTRAP, which resets the target's action
   * for SIGTRAP when that is blocked or ignored (kernel/signal.c, force_sig_info_to_task).
   */
  public static void singleStep(int tid, int signal) {
    request("PTRACE_SINGLESTEP", SINGLESTEP, tid, 0, signal);
  }

  /** Lets it run up to the next entry into or exit from a system call. */
  public static void syscall(int tid, int signal) {
    request("PTRACE_SYSCALL", SYSCALL, tid, 0, signal);
  }

  /** Lets a stopped thread go for good, delivering a signal (0: none). */
  public static void detach(int tid, int signal) {
    request("PTRACE_DETACH", DETACH, tid, 0, signal);
  }

  /** The general registers of a stopped thread. */
  public static UserRegisters getRegisters(int tid) {
    MemorySegment scratch = SCRATCH.get();
    request("PTRACE_GETREGS", GETREGS, tid, 0, scratch.address());
    return UserRegisters.of(scratch);
  }

  /** Sets the general registers of a stopped thread. */
  public static void setRegisters(int tid, UserRegisters registers) {
    MemorySegment scratch = SCRATCH.get();
    registers.store(scratch);
    request("PTRACE_SETREGS", SETREGS, tid, 0, scratch.address());
  }

  /** The vector and floating-point state of a stopped thread, as XSAVE lays it out. */
  public static byte[] getExtendedState(int tid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(LARGEST_XSTATE, 64);
      MemorySegment iov = iovec(arena, bytes);
      request("PTRACE_GETREGSET", GETREGSET, tid, NT_X86_XSTATE, iov.address());
      return bytes.asSlice(0, iov.get(ValueLayout.JAVA_LONG, 8)).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** Sets what {@link #getExtendedState} gave. */
  public static void setExtendedState(int tid, byte[] state) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment iov = iovec(arena, arena.allocateFrom(ValueLayout.JAVA_BYTE, state));
      request("PTRACE_SETREGSET", SETREGSET, tid, NT_X86_XSTATE, iov.address());
    }
  }

  private static MemorySegment iovec(Arena arena, MemorySegment bytes) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, bytes.address(), bytes.byteSize());
  }

  /**
   * The blocked signals of a stopped thread; signal n is bit n-1. In a call with a mask of its own
   * (ppoll, epoll_pwait, sigsuspend) it is the mask to which that call will return.
   */
  public static long getSignalMask(int tid) {
    MemorySegment scratch = SCRATCH.get();
    request("PTRACE_GETSIGMASK", GETSIGMASK, tid, KERNEL_SIGSET_BYTES, scratch.address());
    return scratch.get(ValueLayout.JAVA_LONG, 0);
  }

  /** Sets the blocked signals; a mask that the interrupted call had set for itself is dropped. */
  public static void setSignalMask(int tid, long mask) {
    MemorySegment scratch = SCRATCH.get();
    scratch.set(ValueLayout.JAVA_LONG, 0, mask);
    request("PTRACE_SETSIGMASK", SETSIGMASK, tid, KERNEL_SIGSET_BYTES, scratch.address());
  }

  /** How many bytes of an event's message the kernel has: PTRACE_GETEVENTMSG. */
  public static long eventMessage(int tid) {
    MemorySegment scratch = SCRATCH.get();
    request("PTRACE_GETEVENTMSG", GETEVENTMSG, tid, 0, scratch.address());
    return scratch.get(ValueLayout.JAVA_LONG, 0);
  }

  /** {@code siginfo_t.si_signo} and {@code si_code} of the stop a thread is in. */
  public static SignalInfo signalInfo(int tid) {
    MemorySegment scratch = SCRATCH.get();
    request("PTRACE_GETSIGINFO", GETSIGINFO, tid, 0, scratch.address());
    return new SignalInfo(
        scratch.get(ValueLayout.JAVA_INT, 0), scratch.get(ValueLayout.JAVA_INT, SIGINFO_CODE));
  }

  /** The head of a {@code siginfo_t}. */
  public record SignalInfo(int signal, int code) {}

  /** At which end of a system call a thread is stopped. */
  public static SyscallStop syscallStop(int tid) {
    MemorySegment scratch = SCRATCH.get();
    request(
        "PTRACE_GET_SYSCALL_INFO", GET_SYSCALL_INFO, tid, SYSCALL_INFO_BYTES, scratch.address());
    int op = scratch.get(ValueLayout.JAVA_BYTE, 0);
    SyscallStop.Kind[] kinds = SyscallStop.Kind.values();
    SyscallStop.Kind kind = op >= 0 && op < kinds.length ? kinds[op] : SyscallStop.Kind.NONE;
    return new SyscallStop(
        kind,
        kind == SyscallStop.Kind.ENTRY
            ? scratch.get(ValueLayout.JAVA_LONG, SYSCALL_INFO_NUMBER)
            : -1);
  }

  /** Where a stopped thread announces its restartable sequences (since Linux 5.13). */
  public static RseqConfiguration rseqConfiguration(int tid) {
    MemorySegment scratch = SCRATCH.get();
    request(
        "PTRACE_GET_RSEQ_CONFIGURATION",
        GET_RSEQ_CONFIGURATION,
        tid,
        RSEQ_CONFIGURATION_BYTES,
        scratch.address());
    return new RseqConfiguration(
        scratch.get(ValueLayout.JAVA_LONG, 0),
        scratch.get(ValueLayout.JAVA_INT, 8),
        scratch.get(ValueLayout.JAVA_INT, 12));
  }

  /** Eight bytes of the tracee's memory, whatever the protection of the page. */
  public static long peekText(int tid, long address) {
    MemorySegment scratch = SCRATCH.get();
    request("PTRACE_PEEKTEXT", PEEKTEXT, tid, address, scratch.address());
    return scratch.get(ValueLayout.JAVA_LONG, 0);
  }

  /** Replaces eight bytes, also of a page that is not writable (a private copy is made). */
  public static void pokeText(int tid, long address, long word) {
    request("PTRACE_POKETEXT", POKETEXT, tid, address, word);
  }

  private static long request(String name, int request, int tid, long address, long data) {
    try {
      long result =
          (long)
              PTRACE.invokeExact(
                  Native.callState(), NR_PTRACE, (long) request, (long) tid, address, data);
      if (result < 0) {
        throw Native.failed(name);
      }
      return result;
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
