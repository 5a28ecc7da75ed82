package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.isa.AluOperator;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.verifier.AbstractNumbers.Known;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever an instruction does to numbers, the result is among those that ranges say; the numbers
 * are computed by Java's own operators.
 */
class ScalarRangeProperties {

  private static final int TRIES = 10_000;

  @Provide
  Arbitrary<Known> known() {
    return AbstractNumbers.ranges();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void knowledgeHoldsForTheNumberThatItIsOf(@ForAll("known") Known a) {
    assertThat(a.range().contains(a.member())).as("%s of %s", a.range(), a.member()).isTrue();
    if (a.range().isConstant()) { // bounds may meet that the bits do not show, as in the kernel
      assertThat(a.range().umin()).isEqualTo(a.range().umax()).isEqualTo(a.member());
    }
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void operatorsKeepWhatIsTrue(
      @ForAll AluOperator operator,
      @ForAll Width width,
      @ForAll("known") Known a,
      @ForAll("known") Known b) {
    long result = concrete(operator, width, a.member(), b.member());
    ScalarRange range = ScalarAlu.apply(operator, width, a.range(), b.range());
    assertThat(range.contains(result))
        .as("%s %s %s = %s", a.range(), operator, b.range(), range)
        .isTrue();
    assertThat(Constants.apply(operator, width, a.member(), b.member())).isEqualTo(result);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void negationKeepsWhatIsTrue(@ForAll Width width, @ForAll("known") Known a) {
    long result = width == Width.W64 ? -a.member() : -a.member() & 0xffff_ffffL;
    assertThat(ScalarAlu.negate(width, a.range()).contains(result)).isTrue();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void extensionsKeepWhatIsTrue(@ForAll("known") Known a) {
    for (int bytes : new int[] {1, 2, 4}) {
      int shift = Long.SIZE - bytes * 8;
      assertThat(a.range().signExtended(bytes).contains(a.member() << shift >> shift)).isTrue();
      assertThat(a.range().truncated(bytes).contains(a.member() << shift >>> shift)).isTrue();
    }
    assertThat(a.range().zeroExtended().contains(a.member() & 0xffff_ffffL)).isTrue();
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void branchesTellTheTruth(
      @ForAll Condition condition,
      @ForAll Width width,
      @ForAll("known") Known a,
      @ForAll("known") Known b) {
    boolean taken = concrete(condition, width, a.member(), b.member());
    BranchOutcome outcome = BranchOutcome.of(condition, width, a.range(), b.range());
    assertThat(outcome).isNotEqualTo(taken ? BranchOutcome.NEVER : BranchOutcome.ALWAYS);
    BranchRefinement refined =
        taken
            ? BranchRefinement.of(condition, width, a.range(), b.range())
            : BranchRefinement.not(condition, width, a.range(), b.range());
    assertThat(refined.left().contains(a.member())).as("left of %s", condition).isTrue();
    assertThat(refined.right().contains(b.member())).as("right of %s", condition).isTrue();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void inclusionIsInclusion(@ForAll("known") Known a, @ForAll("known") Known b) {
    if (a.range().includes(b.range())) {
      assertThat(a.range().contains(b.member())).isTrue();
    }
    assertThat(ScalarRange.UNKNOWN.includes(a.range())).isTrue();
    assertThat(a.range().includes(ScalarRange.constant(a.member()))).isTrue();
  }

  private static long concrete(AluOperator operator, Width width, long a, long b) {
    boolean wide = width == Width.W64;
    long x = wide ? a : a & 0xffff_ffffL;
    long y = wide ? b : b & 0xffff_ffffL;
    long sx = wide ? a : (int) a;
    long sy = wide ? b : (int) b;
    long result =
        switch (operator) {
          case ADD -> x + y;
          case SUBTRACT -> x - y;
          case MULTIPLY -> x * y;
          case DIVIDE -> y == 0 ? 0 : Long.divideUnsigned(x, y);
          case SIGNED_DIVIDE -> y == 0 ? 0 : sx / sy;
          case REMAINDER -> y == 0 ? x : Long.remainderUnsigned(x, y);
          case SIGNED_REMAINDER -> y == 0 ? x : sx % sy;
          case OR -> x | y;
          case AND -> x & y;
          case XOR -> x ^ y;
          case SHIFT_LEFT -> x << (y & (wide ? 63 : 31));
          case SHIFT_RIGHT -> x >>> (y & (wide ? 63 : 31));
          case SIGNED_SHIFT_RIGHT -> sx >> (y & (wide ? 63 : 31));
        };
    return wide ? result : result & 0xffff_ffffL;
  }

  private static boolean concrete(Condition condition, Width width, long a, long b) {
    boolean wide = width == Width.W64;
    long x = wide ? a : a & 0xffff_ffffL;
    long y = wide ? b : b & 0xffff_ffffL;
    long sx = wide ? a : (int) a;
    long sy = wide ? b : (int) b;
    return switch (condition) {
      case EQUAL -> x == y;
      case NOT_EQUAL -> x != y;
      case COMMON_BITS -> (x & y) != 0;
      case GREATER -> Long.compareUnsigned(x, y) > 0;
      case GREATER_OR_EQUAL -> Long.compareUnsigned(x, y) >= 0;
      case LESS -> Long.compareUnsigned(x, y) < 0;
      case LESS_OR_EQUAL -> Long.compareUnsigned(x, y) <= 0;
      case SIGNED_GREATER -> sx > sy;
      case SIGNED_GREATER_OR_EQUAL -> sx >= sy;
      case SIGNED_LESS -> sx < sy;
      case SIGNED_LESS_OR_EQUAL -> sx <= sy;
    };
  }
}
