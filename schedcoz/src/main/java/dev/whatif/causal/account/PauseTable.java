package dev.whatif.causal.account;

import dev.whatif.ebpf.kernel.KernelMap;

/**
 * Where the kernel's programs tell a handler to sleep: an array of entries, the one of a thread
 * chosen by its stack pointer ({@code pause.h}).
 *
 * @param map which can be shared with targets
 * @param entryBytes of one entry, a power of two
 * @param stackPointerOffset of the interrupted stack pointer in an entry
 * @param instructionOffset of the interrupted instruction pointer
 * @param progressOffset of how far the pause has come, 32 bits
 * @param deadlineOffset of the deadline, a {@code struct timespec} of CLOCK_MONOTONIC
 */
public record PauseTable(
    KernelMap map,
    int entryBytes,
    int stackPointerOffset,
    int instructionOffset,
    int progressOffset,
    int deadlineOffset) {

  /** The handler is to sleep. */
  public static final int ARMED = 1;

  /** It sleeps. */
  public static final int SLEEPING = 2;

  /** It has slept. */
  public static final int SLEPT = 3;

  /** Stack pointers are multiples of this apart. */
  public static final int STACK_ALIGNMENT = 16;

  /** How many entries, a power of two. */
  public int entries() {
    return map.maxEntries();
  }

  /** Bytes of all of them. */
  public long bytes() {
    return (long) entries() * entryBytes;
  }
}
