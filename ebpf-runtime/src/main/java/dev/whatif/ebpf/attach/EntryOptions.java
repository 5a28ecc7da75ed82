package dev.whatif.ebpf.attach;

import java.util.Optional;

/**
 * How a process is entered.
 *
 * @param near a place that the first code must reach; empty: the program's own code
 * @param codeBytes size of the first code, a multiple of 4096
 * @param dataBytes size of the first data, a multiple of 4096
 * @param handler a signal handler to be installed in the same stop
 */
public record EntryOptions(
    Optional<Long> near, long codeBytes, long dataBytes, Optional<SignalHandlerCode> handler) {

  /** 64 KiB of code near the program, 256 KiB of data, no handler. */
  public static final EntryOptions DEFAULT =
      new EntryOptions(Optional.empty(), 64 << 10, 256 << 10, Optional.empty());

  /** Refuses sizes that cannot be mapped. */
  public EntryOptions {
    requirePages(codeBytes);
    requirePages(dataBytes);
  }

  private static void requirePages(long bytes) {
    if (bytes <= 0 || bytes % 4096 != 0 || bytes > 1 << 30) {
      throw new IllegalArgumentException(bytes + " bytes are no mapping of 4 KiB to 1 GiB");
    }
  }

  /** The same with code that reaches a place. */
  public EntryOptions near(long address) {
    return new EntryOptions(Optional.of(address), codeBytes, dataBytes, handler);
  }

  /** The same with other sizes. */
  public EntryOptions sizes(long code, long data) {
    return new EntryOptions(near, code, data, handler);
  }

  /** The same with a handler. */
  public EntryOptions with(SignalHandlerCode code) {
    return new EntryOptions(near, codeBytes, dataBytes, Optional.of(code));
  }
}
