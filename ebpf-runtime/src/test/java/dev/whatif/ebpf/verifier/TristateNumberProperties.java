package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.verifier.AbstractNumbers.Bits;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for numbers holds for what is known of their bits. */
class TristateNumberProperties {

  @Provide
  Arbitrary<Bits> bits() {
    return AbstractNumbers.bits();
  }

  @Provide
  Arbitrary<Integer> shifts() {
    return Arbitraries.integers().between(0, 63);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void operatorsKeepWhatIsTrue(@ForAll("bits") Bits a, @ForAll("bits") Bits b) {
    TristateNumber x = a.bits();
    TristateNumber y = b.bits();
    assertThat(x.add(y).contains(a.member() + b.member())).isTrue();
    assertThat(x.subtract(y).contains(a.member() - b.member())).isTrue();
    assertThat(x.multiply(y).contains(a.member() * b.member())).isTrue();
    assertThat(x.and(y).contains(a.member() & b.member())).isTrue();
    assertThat(x.or(y).contains(a.member() | b.member())).isTrue();
    assertThat(x.xor(y).contains(a.member() ^ b.member())).isTrue();
    assertThat(x.union(y).contains(a.member()) && x.union(y).contains(b.member())).isTrue();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void shiftsKeepWhatIsTrue(@ForAll("bits") Bits a, @ForAll("shifts") int by) {
    TristateNumber x = a.bits();
    assertThat(x.shiftLeft(by).contains(a.member() << by)).isTrue();
    assertThat(x.shiftRight(by).contains(a.member() >>> by)).isTrue();
    assertThat(x.shiftRightSigned(by).contains(a.member() >> by)).isTrue();
    long low = ((int) a.member() >> (by & 31)) & 0xffff_ffffL;
    assertThat(x.lowerShiftRightSigned(by & 31).contains(low)).isTrue();
    assertThat(x.lower().contains(a.member() & 0xffff_ffffL)).isTrue();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void twoThingsKnownOfOneNumberAreBothTrue(@ForAll("bits") Bits a, @ForAll long mask) {
    TristateNumber other = new TristateNumber(a.member() & ~mask, mask);
    TristateNumber both = a.bits().intersect(other);
    assertThat(both.contains(a.member())).isTrue();
    assertThat(a.bits().includes(both)).isTrue();
    assertThat(other.includes(both)).isTrue();
    assertThat(a.bits().overlaps(other)).isTrue();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aRangeHasWhatIsBetweenItsEnds(@ForAll long a, @ForAll long b, @ForAll long c) {
    long min = RangeBuilder.minUnsigned(RangeBuilder.minUnsigned(a, b), c);
    long max = RangeBuilder.maxUnsigned(RangeBuilder.maxUnsigned(a, b), c);
    TristateNumber range = TristateNumber.range(min, max);
    assertThat(range.contains(a) && range.contains(b) && range.contains(c)).isTrue();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void constantsAreExact(@ForAll long a, @ForAll long b) {
    TristateNumber x = TristateNumber.constant(a);
    TristateNumber y = TristateNumber.constant(b);
    assertThat(x.add(y)).isEqualTo(TristateNumber.constant(a + b));
    assertThat(x.subtract(y)).isEqualTo(TristateNumber.constant(a - b));
    assertThat(x.multiply(y)).isEqualTo(TristateNumber.constant(a * b));
    assertThat(x.and(y)).isEqualTo(TristateNumber.constant(a & b));
    assertThat(x.or(y)).isEqualTo(TristateNumber.constant(a | b));
    assertThat(x.xor(y)).isEqualTo(TristateNumber.constant(a ^ b));
  }
}
