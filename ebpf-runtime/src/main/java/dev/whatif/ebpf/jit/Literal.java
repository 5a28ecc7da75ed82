package dev.whatif.ebpf.jit;

/**
 * Eight bytes behind the code that whoever places it in a process has to fill.
 *
 * @param offset from the beginning of the code
 * @param target what belongs there
 */
public record Literal(int offset, Target target) {

  /** An address in the process where the code runs. */
  public sealed interface Target {}

  /**
   * The beginning of a map's memory.
   *
   * @param index among the program's maps
   */
  public record MapAddress(int index) implements Target {}

  /**
   * A byte in the first value of a map.
   *
   * @param index among the program's maps
   * @param offset within the value
   */
  public record MapValue(int index, int offset) implements Target {}

  /**
   * The routine of a helper.
   *
   * @param id {@code BPF_FUNC_*} of include/uapi/linux/bpf.h
   */
  public record Helper(int id) implements Target {}

  /**
   * The routine that finds where a tail call leads: rdi is the context, rsi the map, rdx the index;
   * in rax it returns the entry of the program there, or 0. It is called as a helper is, and counts
   * nothing.
   */
  public record TailCall() implements Target {}
}
