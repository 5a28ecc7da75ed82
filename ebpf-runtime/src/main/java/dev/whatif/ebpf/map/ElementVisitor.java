package dev.whatif.ebpf.map;

/** Is shown elements where they lie. */
@FunctionalInterface
public interface ElementVisitor {

  /**
   * An element.
   *
   * @param key its address
   * @param value its address
   * @return whether to go on
   */
  boolean element(long key, long value);
}
