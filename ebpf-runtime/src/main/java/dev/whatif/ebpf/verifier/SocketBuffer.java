package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.object.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * What programs on socket buffers are called with ({@code struct __sk_buff}; {@code
 * sk_filter_is_valid_access} and {@code tc_cls_act_is_valid_access} in net/core/filter.c). Fields
 * have four bytes unless said otherwise.
 */
final class SocketBuffer {

  private static final int MARK = 8;
  private static final int QUEUE_MAPPING = 12;
  private static final int PRIORITY = 32;
  private static final int TC_INDEX = 44;
  private static final int CB = 48;
  private static final int CB_END = 68;
  private static final int TC_CLASSID = 72;
  private static final int DATA = 76;
  private static final int DATA_END = 80;
  private static final int FAMILY = 88;
  private static final int DATA_META = 140;
  private static final int FLOW_KEYS = 144;

  /** Eight bytes. */
  private static final int TSTAMP = 152;

  private static final int WIRE_LEN = 160;

  /** A pointer of eight bytes. */
  private static final int SK = 168;

  private static final int GSO_SIZE = 176;

  /** One byte, three of padding behind it. */
  private static final int TSTAMP_TYPE = 180;

  /** Eight bytes. */
  private static final int HWTSTAMP = 184;

  private SocketBuffer() {}

  static boolean isReadable(ProgramType type, long offset, int bytes) {
    int at = (int) offset;
    if (at >= HWTSTAMP + Long.BYTES) {
      return false;
    }
    boolean filter = type == ProgramType.SOCKET_FILTER;
    if (at >= CB && at < CB_END) {
      return at + bytes <= CB_END;
    }
    if (at == DATA || at == DATA_END || at == DATA_META) {
      return !filter && bytes == Integer.BYTES;
    }
    if (at >= FAMILY && at < DATA_META) {
      // of a socket, which only programs on sockets see
      return false;
    }
    if (at >= FLOW_KEYS && at < TSTAMP || at >= SK && at < GSO_SIZE) {
      return false; // pointers into the kernel
    }
    if (at >= TSTAMP && at < WIRE_LEN || at >= HWTSTAMP) {
      return !filter && bytes == Long.BYTES && (at == TSTAMP || at == HWTSTAMP);
    }
    if (at >= TSTAMP_TYPE) {
      return !filter && at == TSTAMP_TYPE && bytes == 1;
    }
    boolean hidden =
        filter && (at >= TC_CLASSID && at < DATA_END + 4 || at >= WIRE_LEN && at < WIRE_LEN + 4);
    return !hidden && bytes <= Integer.BYTES && !isPartOfPointer(at);
  }

  static boolean isWritable(ProgramType type, long offset, int bytes) {
    int at = (int) offset;
    if (at >= CB && at < CB_END) {
      return at + bytes <= CB_END;
    }
    if (type == ProgramType.SOCKET_FILTER) {
      return false;
    }
    return switch (at) {
      case MARK, QUEUE_MAPPING, PRIORITY, TC_INDEX, TC_CLASSID -> bytes == Integer.BYTES;
      case TSTAMP -> bytes == Long.BYTES;
      default -> false;
    };
  }

  static @Nullable Provenance pointer(long at) {
    return switch ((int) at) {
      case DATA -> Provenance.Single.PACKET;
      case DATA_END -> Provenance.Single.PACKET_END;
      case DATA_META -> Provenance.Single.PACKET_META;
      default -> null;
    };
  }

  private static boolean isPartOfPointer(int at) {
    return at > DATA && at < DATA + 4
        || at > DATA_END && at < DATA_END + 4
        || at > DATA_META && at < DATA_META + 4;
  }
}
