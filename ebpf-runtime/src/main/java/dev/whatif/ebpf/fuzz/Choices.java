package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.isa.Width;
import java.util.SplittableRandom;

/** What a seed decides. For one thread. */
final class Choices {

  private static final long[] CORNERS = {
    0,
    1,
    -1,
    2,
    7,
    8,
    31,
    32,
    63,
    64,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    0x1_0000_0000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Integer.MIN_VALUE
  };

  /** One place in so many is wrong on purpose; 0 for none. */
  private static final int[] WRONG_ONE_IN = {0, 400, 100, 20};

  /** A verifier that follows every way follows up to two to the power of this. */
  private static final int MOST_BRANCHES = 7;

  private final SplittableRandom random;
  private final int wrongOneIn;
  private int branchesLeft = MOST_BRANCHES;
  private int turns = 1;
  private boolean wrong;

  Choices(long seed) {
    random = new SplittableRandom(seed);
    wrongOneIn = WRONG_ONE_IN[random.nextInt(WRONG_ONE_IN.length)];
  }

  int nextInt(int bound) {
    return random.nextInt(bound);
  }

  int nextInt() {
    return random.nextInt();
  }

  boolean nextBoolean() {
    return random.nextBoolean();
  }

  /** Whether another branch may be written: a loop has it once for each turn. */
  boolean mayBranch() {
    boolean may = branchesLeft >= turns;
    branchesLeft -= may ? turns : 0;
    return may;
  }

  /** What is written now is done so many times. */
  void repeat(int times) {
    turns *= times;
  }

  /** Whether it is done more than once. */
  boolean repeats() {
    return turns > 1;
  }

  /** The end of that. */
  void endRepeat(int times) {
    turns /= times;
  }

  /** Mostly one of those where arithmetic goes wrong. */
  long number() {
    return random.nextInt(3) > 0
        ? CORNERS[random.nextInt(CORNERS.length)]
        : random.nextBoolean() ? random.nextInt(256) : random.nextLong();
  }

  /** Whether to do something wrong here. */
  boolean wrong() {
    boolean now = wrongOneIn > 0 && random.nextInt(wrongOneIn) == 0;
    wrong |= now;
    return now;
  }

  /** Whether something wrong was done. */
  boolean wasWrong() {
    return wrong;
  }

  Width width() {
    return random.nextBoolean() ? Width.W64 : Width.W32;
  }

  <T> T pick(T[] all) {
    return all[random.nextInt(all.length)];
  }
}
