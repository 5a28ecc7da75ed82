package dev.whatif.ebpf.bench;

/** A way to run a program. One thread. */
public interface Contender extends AutoCloseable {

  /** What it is called in tables. */
  String name();

  /** The lower 32 bits of what the program returns. */
  int result();

  /**
   * Runs it again and again.
   *
   * @param times how often
   * @return nanoseconds of one run, with what a call costs
   */
  double nanos(int times);

  /** What a call of a program that does nothing takes, so many times in a row. */
  double emptyNanos(int times);

  @Override
  void close();
}
