package dev.whatif.ebpf.attach;

import static dev.whatif.ebpf.attach.RestoringStubLayout.BYTES;
import static dev.whatif.ebpf.attach.RestoringStubLayout.MAGIC;
import static dev.whatif.ebpf.attach.RestoringStubLayout.MAGIC_OFFSET;
import static dev.whatif.ebpf.attach.RestoringStubLayout.MASK_OFFSET;
import static dev.whatif.ebpf.attach.RestoringStubLayout.NAME_BYTES;
import static dev.whatif.ebpf.attach.RestoringStubLayout.NAME_OFFSET;
import static dev.whatif.ebpf.attach.RestoringStubLayout.REGISTERS_OFFSET;
import static dev.whatif.ebpf.attach.RestoringStubLayout.RIP_OFFSET;

import dev.whatif.core.linux.UserRegisters;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Register;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Code that makes one system call in a thread that was doing something else, and then lets it go on
 * with that, whether or not anybody still controls it.
 *
 * <pre>
 *   entry:  syscall                            the injected call; the controller sees its end
 *           rt_sigprocmask(SIG_SETMASK, mask)  the thread's own mask
 *           mov rax..r15, [rip + saved]        rsp was never changed
 *           jmp [rip + saved rip]
 * </pre>
 *
 * <p>While somebody controls the thread, only the first instruction is executed, once for every
 * injected call, and the controller puts mask and registers back. The rest is for the case that the
 * controller is killed: the kernel then lets the thread run from wherever it is, and wherever that
 * is, this code brings it home.
 *
 * <p>Why not an rt_sigreturn frame on the thread's stack: it takes up to 11 kB below the stack
 * pointer, and the stacks of goroutines and coroutines have no such room; what lies below them
 * belongs to somebody else. A system call changes rax, rcx and r11 only (the kernel keeps flags and
 * vector state), so nothing has to be saved on a stack: all that is restored lies here, and no
 * instruction here writes to memory or changes a flag. There is no {@code ret}, so a shadow stack
 * would not notice either.
 *
 * <p>Why not single-step: the step ends in a SIGTRAP, and a tracer that is killed before it has
 * waited for that leaves the signal to the target, which dies of it (measured: within 2 kills). It
 * also resets the target's action for a blocked or ignored SIGTRAP (kernel/signal.c,
 * force_sig_info_to_task). The two stops of PTRACE_SYSCALL are no signals; with
 * PTRACE_O_TRACESYSGOOD the number that remains, 133, is not a valid one and is dropped.
 *
 * <p>Order matters: bytes, then registers, then the mask that blocks everything; and back: first
 * the mask, then the registers. In between, the thread is in this code with its own mask, which is
 * harmless; the other way round it would be in its own code with every signal blocked, for good.
 */
final class RestoringStub {

  private static final Register[] SAVED = {
    Register.RAX, Register.RCX, Register.RDX, Register.RBX, Register.RBP, Register.RSI,
    Register.RDI, Register.R8, Register.R9, Register.R10, Register.R11, Register.R12,
    Register.R13, Register.R14, Register.R15
  };

  private static final byte INT3 = (byte) 0xcc;

  /** The same for every address: all references are relative. */
  private static final byte[] CODE = code();

  private RestoringStub() {}

  private static byte[] code() {
    Emitter e = new Emitter(0);
    e.syscall();
    e.move(Register.RAX, SystemCalls.RT_SIGPROCMASK);
    e.move(Register.RDI, SystemCalls.SIG_SETMASK);
    e.loadAddress(Register.RSI, MASK_OFFSET);
    e.move(Register.RDX, 0);
    e.move(Register.R10, SystemCalls.KERNEL_SIGSET_BYTES);
    e.syscall();
    for (int i = 0; i < SAVED.length; i++) {
      e.load(SAVED[i], REGISTERS_OFFSET + (long) i * Long.BYTES);
    }
    e.jumpThrough(RIP_OFFSET);
    byte[] filled = new byte[REGISTERS_OFFSET];
    Arrays.fill(filled, INT3);
    byte[] code = e.bytes();
    System.arraycopy(code, 0, filled, 0, code.length);
    return filled;
  }

  /**
   * The stub for a thread.
   *
   * @param goOn the registers with which the thread goes on when nobody restores it
   * @param mask its blocked signals
   * @param name a text that the injected call may point to
   */
  static byte[] bytes(UserRegisters goOn, long mask, String name) {
    ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    b.put(CODE);
    for (Register r : SAVED) {
      b.putLong(goOn.get(UserRegisters.Name.valueOf(r.name())));
    }
    b.putLong(goOn.rip()).putLong(mask).putLong(MAGIC);
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    if (text.length >= NAME_BYTES) {
      throw new IllegalArgumentException("a name of " + text.length + " bytes: " + name);
    }
    b.position(NAME_OFFSET).put(text);
    return b.array();
  }

  /** Whether these bytes are a stub that a controller left behind when it was killed. */
  static boolean isStub(byte[] bytes) {
    return bytes.length >= BYTES
        && Arrays.equals(bytes, 0, CODE.length, CODE, 0, CODE.length)
        && MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, MAGIC_OFFSET) == MAGIC;
  }
}
