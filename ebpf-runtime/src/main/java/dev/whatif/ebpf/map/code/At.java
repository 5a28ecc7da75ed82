package dev.whatif.ebpf.map.code;

import dev.whatif.core.x86.Register;
import org.jspecify.annotations.Nullable;

/**
 * An operand in memory: {@code [base + index + displacement]}.
 *
 * @param index null for none; not rsp
 */
record At(Register base, @Nullable Register index, int displacement) {

  static At at(Register base, int displacement) {
    return new At(base, null, displacement);
  }

  static At at(Register base, Register index, int displacement) {
    return new At(base, index, displacement);
  }
}
