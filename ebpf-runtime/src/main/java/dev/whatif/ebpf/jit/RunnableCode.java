package dev.whatif.ebpf.jit;

import dev.whatif.core.linux.FunctionPointer;
import dev.whatif.core.linux.MappedCode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToLongFunction;

/**
 * Compiled code mapped into this process. It may be run by any number of threads, each with an
 * invocation block of its own, until it is closed.
 */
public final class RunnableCode implements AutoCloseable {

  private final MappedCode mapped;
  private final long entry;

  private RunnableCode(byte[] code, int entry) {
    mapped = MappedCode.of(code);
    this.entry = mapped.address() + entry;
  }

  /**
   * Maps code.
   *
   * @param addresses what belongs into a literal
   * @throws dev.whatif.core.linux.LinuxException when this system allows no such memory (sysctl
   *     vm.memfd_noexec)
   */
  public static RunnableCode of(CompiledCode code, ToLongFunction<Literal.Target> addresses) {
    ByteBuffer bytes = ByteBuffer.wrap(code.bytes().clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (Literal literal : code.literals()) {
      bytes.putLong(literal.offset(), addresses.applyAsLong(literal.target()));
    }
    return new RunnableCode(bytes.array(), code.entry());
  }

  /** Maps machine code that needs nothing filled in, and whose first byte is its entry. */
  public static RunnableCode of(byte[] code) {
    return new RunnableCode(code, 0);
  }

  /** Where it begins to run. */
  public long address() {
    return entry;
  }

  /**
   * Runs it.
   *
   * @param context what r1 points to: native memory
   * @param length r2
   * @param invocation {@link InvocationLayout#BYTES} of native memory for this call
   * @return r0
   */
  public long run(MemorySegment context, long length, MemorySegment invocation) {
    if (!context.isNative() || !invocation.isNative()) {
      throw new IllegalArgumentException("machine code cannot reach Java's heap");
    }
    return FunctionPointer.call(entry, context.address(), length, invocation.address());
  }

  @Override
  public void close() {
    mapped.close();
  }
}
