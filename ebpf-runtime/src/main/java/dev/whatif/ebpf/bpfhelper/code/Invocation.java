package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.ebpf.jit.InvocationLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What programs learn of the thread that runs them ({@link InvocationLayout}), written by that
 * thread. Confined to it; may serve for any number of calls, one after another.
 */
public final class Invocation implements AutoCloseable {

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment block = arena.allocate(InvocationLayout.BYTES, 64);

  /**
   * For the calling thread, with neither cookie nor probed function, on CPU 0.
   *
   * @param helpers that the programs use
   * @param slot of this thread in maps: no other thread may have it
   */
  public Invocation(PlacedHelpers helpers, int slot) {
    int tid = ProcTasks.self();
    block.set(ValueLayout.JAVA_LONG, InvocationLayout.PARAMETERS_OFFSET, helpers.parameters());
    block.set(ValueLayout.JAVA_INT, InvocationLayout.THREAD_SLOT_OFFSET, slot);
    thread((long) Unistd.getpid() << Integer.SIZE | tid);
    user((long) Unistd.getgid() << Integer.SIZE | Integer.toUnsignedLong(Unistd.getuid()));
    name(ProcTasks.name(Unistd.getpid(), tid).orElse(""));
  }

  /** The process in the upper half, the thread in the lower. */
  public Invocation thread(long pidTgid) {
    block.set(ValueLayout.JAVA_LONG, InvocationLayout.PID_TGID_OFFSET, pidTgid);
    return this;
  }

  /** The group in the upper half, the user in the lower. */
  public Invocation user(long uidGid) {
    block.set(ValueLayout.JAVA_LONG, InvocationLayout.UID_GID_OFFSET, uidGid);
    return this;
  }

  /** The thread's name, of which 15 bytes are kept. */
  public Invocation name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    MemorySegment comm = block.asSlice(InvocationLayout.COMM_OFFSET, InvocationLayout.COMM_BYTES);
    comm.fill((byte) 0);
    int length = Math.min(bytes.length, InvocationLayout.COMM_BYTES - 1);
    MemorySegment.copy(bytes, 0, comm, ValueLayout.JAVA_BYTE, 0, length);
    return this;
  }

  /** The CPU it runs on. */
  public Invocation cpu(int number) {
    block.set(ValueLayout.JAVA_INT, InvocationLayout.CPU_OFFSET, number);
    return this;
  }

  /** The attachment's cookie. */
  public Invocation cookie(long cookie) {
    block.set(ValueLayout.JAVA_LONG, InvocationLayout.COOKIE_OFFSET, cookie);
    return this;
  }

  /** The probed function's address. */
  public Invocation function(long address) {
    block.set(ValueLayout.JAVA_LONG, InvocationLayout.FUNCTION_OFFSET, address);
    return this;
  }

  /** The block, ready for a call from outside: no tail calls made yet. */
  public MemorySegment block() {
    block.set(ValueLayout.JAVA_INT, InvocationLayout.TAIL_CALLS_OFFSET, 0);
    return block;
  }

  @Override
  public void close() {
    arena.close();
  }
}
