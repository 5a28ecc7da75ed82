package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the compilers of all kinds of instructions write to, in one pass: the emitter, the literals
 * that code refers to, and what is to lie out of the way.
 */
final class Output {

  final Emitter e;
  final Set<CpuFeature> features;
  private final Map<Literal.Target, Label> literals = new LinkedHashMap<>();
  private final List<Runnable> seldom = new ArrayList<>();

  Output(Emitter e, Set<CpuFeature> features) {
    this.e = e;
    this.features = features;
  }

  /** Where a literal will lie, 8 bytes, the same for equal ones. */
  Label literal(Literal.Target target) {
    return literals.computeIfAbsent(target, t -> new Label());
  }

  /** Has code emitted behind the function: it is seldom reached. */
  void later(Runnable code) {
    seldom.add(code);
  }

  /** Emits what was put off. */
  void emitSeldom() {
    // one of them may put off more
    for (int i = 0; i < seldom.size(); i++) {
      seldom.get(i).run();
    }
    seldom.clear();
  }

  /** Emits room for the literals. */
  List<Literal> emitLiterals() {
    if (literals.isEmpty()) {
      return List.of();
    }
    e.align(Long.BYTES);
    List<Literal> placed = new ArrayList<>();
    literals.forEach((target, label) -> {
      placed.add(new Literal(e.offset(), target));
      e.bind(label).number64(0);
    });
    return List.copyOf(placed);
  }
}
