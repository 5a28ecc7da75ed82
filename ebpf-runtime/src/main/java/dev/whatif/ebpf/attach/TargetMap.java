package dev.whatif.ebpf.attach;

/**
 * The elements of a kernel BPF array map as memory of the target: the same bytes that the kernel's
 * programs and this process see.
 */
public final class TargetMap implements AutoCloseable {

  private final MapPassage passage;
  private final long address;
  private final long size;
  private boolean closed;

  TargetMap(MapPassage passage, long address, long size) {
    this.passage = passage;
    this.address = address;
    this.size = size;
  }

  /** Where its first element lies in the target. */
  public long address() {
    return address;
  }

  /** How much of it is mapped, bytes. */
  public long size() {
    return size;
  }

  /** Takes it away from the target; no code there may use it any more. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      passage.takeAway(address, size);
    }
  }
}
