package dev.whatif.ebpf.interpreter;

import java.util.Optional;

/**
 * What a program refers to outside of itself: maps and helper functions. Any thread may call it.
 */
public interface Environment {

  /** What the program sees as the map of an index: an address that it cannot read. */
  long mapAddress(int map);

  /** Where the first value of a map lies. */
  long firstValue(int map);

  /** The object that holds an address, such as one value of a map; empty when there is none. */
  Optional<MemoryRange> rangeAt(long address);

  /**
   * Calls a helper function.
   *
   * @param helper its number (linux/bpf.h, {@code BPF_FUNC_*})
   * @param execution who calls: arguments, memory, functions to call back
   * @return what becomes of r0
   * @throws MemoryFault when the arguments are none that the function takes
   */
  long call(int helper, Execution execution);
}
