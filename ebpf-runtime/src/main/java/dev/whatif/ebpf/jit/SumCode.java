package dev.whatif.ebpf.jit;

import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compiles additions: they become part of an address, or a lea, or an add at last. */
final class SumCode {

  private final Values values;

  SumCode(Values values) {
    this.values = values;
  }

  /** {@code dst += src}. */
  void add(Width width, Register dst, Operand src) {
    switch (src) {
      case Immediate(int value) -> add(width, dst, (long) value);
      case Register register -> values.defer(dst, () -> sum(width, dst, register));
    }
  }

  /** {@code dst += value}. */
  void add(Width width, Register dst, long value) {
    Deferred.Sum constant = Deferred.Sum.constant(value).as(width);
    values.defer(
        dst,
        () -> {
          Deferred.Sum sum = values.sum(dst, width).plus(constant, width);
          if (sum != null) {
            return sum;
          }
          values.compute(dst);
          return Objects.requireNonNull(Deferred.Sum.of(dst).plus(constant, width));
        });
  }

  private Deferred.Sum sum(Width width, Register dst, Register src) {
    Deferred.Sum sum = both(width, dst, src);
    if (sum == null) {
      values.compute(dst);
      sum = both(width, dst, src);
    }
    if (sum == null) {
      values.compute(src);
      sum = both(width, dst, src);
    }
    return Objects.requireNonNull(sum);
  }

  private Deferred.@Nullable Sum both(Width width, Register dst, Register src) {
    values.sum(src, width);
    Deferred.Sum a = values.sum(dst, width);
    return a.plus(values.sum(src, width), width);
  }
}
