package dev.whatif.ebpf.kernel;

/**
 * The bytes of what {@code bpf_perf_event_output} leaves in a perf ring, behind the header that
 * {@link dev.whatif.core.ring.PerfRing} pictures (include/uapi/linux/perf_event.h,
 * PERF_SAMPLE_RAW).
 *
 * <pre>
 *   PERF_RECORD_SAMPLE
 *   0        8        12
 *   | header | length | what the program wrote, padded so that 4 + length is a multiple of 8 |
 *
 *   PERF_RECORD_LOST
 *   0        8         16
 *   | header | event   | records that did not fit since the last that did |
 * </pre>
 */
final class PerfOutputDescriptor {

  static final int LENGTH = 8;
  static final int DATA = 12;
  static final int LOST = 16;

  /** Bytes of a PERF_RECORD_LOST that are read here. */
  static final int LOST_END = 24;

  private PerfOutputDescriptor() {}
}
