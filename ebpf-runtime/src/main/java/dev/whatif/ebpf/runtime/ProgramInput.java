package dev.whatif.ebpf.runtime;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.interpreter.MemoryRange;
import dev.whatif.ebpf.verifier.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The memory that a program is called with: the context that r1 points to, and what the context
 * points to.
 *
 * <p>The context of an XDP program has 64-bit pointers in memory; loads of {@code struct xdp_md}'s
 * 32-bit fields were rewritten by the verifier:
 *
 * <pre>
 *   0  u64 data        8  u64 data_end     16  u64 data_meta
 *  24  u32 ingress_ifindex   28  u32 rx_queue_index   32  u32 egress_ifindex
 * </pre>
 *
 * @param context what r1 points to
 * @param length r2
 * @param memory what the user gave, which the program may change
 * @param ranges all of it
 */
public record ProgramInput(
    MemorySegment context, long length, MemorySegment memory, List<MemoryRange> ranges) {

  private static final int XDP_BYTES = 40;
  private static final int SHORTEST_PACKET = 14;

  /** sizeof(struct pt_regs), x86-64. */
  private static final int REGISTER_BYTES = 168;

  private static final int ALIGNMENT = 16;

  /** PERF_MAX_TRACE_SIZE (include/linux/trace_events.h). */
  private static final int TRACE_BYTES = 8192;

  private static final int MOST_ARGUMENTS = 12;

  /**
   * What a program takes.
   *
   * @param given by the user
   * @throws UsageException when it does not suit the program
   * @throws UnavailableException when such programs run in the kernel only
   */
  public static ProgramInput of(Program program, byte[] given, Arena arena) {
    return switch (program.type()) {
      case XDP -> packet(program, given, arena);
      case SYSCALL, UNSPEC -> plain(given, given.length, arena);
      case RAW_TRACEPOINT ->
          plain(atMost(program, given, MOST_ARGUMENTS * Long.BYTES), given.length, arena);
      case KPROBE -> plain(atMost(program, given, REGISTER_BYTES), REGISTER_BYTES, arena);
      case TRACEPOINT -> plain(atMost(program, given, TRACE_BYTES), TRACE_BYTES, arena);
      default ->
          throw new UnavailableException(
              "programs of type %s are not called with memory of a user's here"
                  .formatted(program.type()),
              "run it in the kernel: --engine kernel");
    };
  }

  private static byte[] atMost(Program program, byte[] given, int bytes) {
    if (given.length > bytes) {
      throw new UsageException(
          "program '%s' (%s) takes at most %d bytes, and has %d"
              .formatted(program.name(), program.type(), bytes, given.length));
    }
    return given;
  }

  private static ProgramInput plain(byte[] given, int bytes, Arena arena) {
    MemorySegment context = arena.allocate(Math.max(bytes, 1), ALIGNMENT);
    MemorySegment.copy(given, 0, context, ValueLayout.JAVA_BYTE, 0, given.length);
    MemorySegment whole = context.asSlice(0, bytes);
    return new ProgramInput(context, bytes, whole, List.of(MemoryRange.of(whole)));
  }

  private static ProgramInput packet(Program program, byte[] given, Arena arena) {
    if (given.length < SHORTEST_PACKET) {
      throw new UsageException(
          "program '%s' (%s) runs on a packet of at least %d bytes, and has %d"
              .formatted(program.name(), program.type(), SHORTEST_PACKET, given.length),
          "give it with --mem HEX, or --mem @FILE");
    }
    MemorySegment packet = arena.allocate(given.length, ALIGNMENT);
    MemorySegment.copy(given, 0, packet, ValueLayout.JAVA_BYTE, 0, given.length);
    MemorySegment context = arena.allocate(XDP_BYTES, ALIGNMENT);
    context.set(ValueLayout.JAVA_LONG, 0, packet.address());
    context.set(ValueLayout.JAVA_LONG, 8, packet.address() + given.length);
    context.set(ValueLayout.JAVA_LONG, 16, packet.address());
    return new ProgramInput(
        context, 0, packet, List.of(MemoryRange.of(context.asReadOnly()), MemoryRange.of(packet)));
  }
}
