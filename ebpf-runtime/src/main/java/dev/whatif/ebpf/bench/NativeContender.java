package dev.whatif.ebpf.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A function of a {@link NativeLibrary}, which must stay open. */
final class NativeContender implements Contender {

  private final String name;
  private final long function;
  private final Arena arena = Arena.ofConfined();
  private final RepeatedCall calls = new RepeatedCall();
  private final MemorySegment context = Block.context(arena);

  NativeContender(String name, long function) {
    this.name = name;
    this.function = function;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int result() {
    return (int) calls.call(function, context, 0, MemorySegment.NULL, 1);
  }

  @Override
  public double nanos(int times) {
    return calls.nanos(function, context, 0, MemorySegment.NULL, times);
  }

  @Override
  public double emptyNanos(int times) {
    return calls.emptyNanos(times);
  }

  @Override
  public void close() {
    calls.close();
    arena.close();
  }
}
