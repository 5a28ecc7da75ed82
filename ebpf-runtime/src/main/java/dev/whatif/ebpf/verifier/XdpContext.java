package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import org.jspecify.annotations.Nullable;

/**
 * What an XDP program is called with. C sees {@code struct xdp_md}; in memory pointers have 64
 * bits:
 *
 * <pre>
 *   field             in C (u32)   in memory
 *   data               0            0  u64
 *   data_end           4            8  u64
 *   data_meta          8           16  u64
 *   ingress_ifindex   12           24  u32
 *   rx_queue_index    16           28  u32
 *   egress_ifindex    20           32  u32
 * </pre>
 */
final class XdpContext {

  private static final int DATA = 0;
  private static final int DATA_END = 4;
  private static final int DATA_META = 8;
  private static final int RX_QUEUE_INDEX = 16;

  private XdpContext() {}

  /** egress_ifindex is for programs in device maps, which this is never. */
  static boolean isField(long at, int bytes) {
    return bytes == Integer.BYTES && at <= RX_QUEUE_INDEX;
  }

  static @Nullable Provenance pointer(long at) {
    return switch ((int) at) {
      case DATA -> Provenance.Single.PACKET;
      case DATA_END -> Provenance.Single.PACKET_END;
      case DATA_META -> Provenance.Single.PACKET_META;
      default -> null;
    };
  }

  /** The load as it is to be run. */
  static Instruction.Load inMemory(Instruction.Load load, long at) {
    return pointer(at) == null
        ? ContextAccess.at(load, MemorySize.WORD, (int) at + 12)
        : ContextAccess.at(load, MemorySize.DOUBLE, (int) at * 2);
  }
}
