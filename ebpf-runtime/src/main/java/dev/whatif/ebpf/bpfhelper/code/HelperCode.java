package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.x86.Emitter;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * All helpers in one piece of position-independent code, {@link dev.whatif.ebpf.map.code.MapCode}
 * included.
 *
 * @param bytes the code; not to be changed
 * @param offsets where each helper begins in it; that of {@code TAIL_CALL} is the routine which a
 *     {@link dev.whatif.ebpf.jit.Literal.TailCall} names
 */
public record HelperCode(byte[] bytes, Map<HelperFunction, Integer> offsets) {

  /** Where a helper begins. */
  public int offset(HelperFunction helper) {
    return Objects.requireNonNull(offsets.get(helper), helper::cName);
  }

  /** Writes them; the same bytes every time. */
  public static HelperCode emit() {
    Map<HelperFunction, Integer> offsets = new EnumMap<>(HelperFunction.class);
    byte[] bytes = Emitter.shortest(0, e -> new HelperEmission(new Writer(e)).emit(offsets));
    return new HelperCode(bytes, Map.copyOf(offsets));
  }
}
