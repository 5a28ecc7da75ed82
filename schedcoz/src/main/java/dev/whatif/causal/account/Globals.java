package dev.whatif.causal.account;

import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.MappedArray;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.GlobalVariable;
import java.util.HashMap;
import java.util.Map;

/** The global variables of the accounting that user space writes, by their names in C. */
final class Globals implements AutoCloseable {

  private final Map<String, GlobalVariable> variables = new HashMap<>();
  private final Map<String, MappedArray> sections = new HashMap<>();

  Globals(BpfObject source, LoadedObject object) {
    for (GlobalVariable variable : source.globals()) {
      if (variable.section().equals(".bss") || variable.section().equals(".data")) {
        variables.put(variable.name(), variable);
        sections.computeIfAbsent(variable.section(), s -> MappedArray.of(object.map(s)));
      }
    }
  }

  private GlobalVariable variable(String name) {
    GlobalVariable variable = variables.get(name);
    if (variable == null) {
      throw new IllegalStateException("the object has no variable " + name);
    }
    return variable;
  }

  private MappedArray section(GlobalVariable variable) {
    MappedArray section = sections.get(variable.section());
    if (section == null) {
      throw new IllegalStateException("the object has no section " + variable.section());
    }
    return section;
  }

  long get(String name) {
    GlobalVariable v = variable(name);
    return v.size() == Long.BYTES
        ? section(v).getLongAcquire(0, v.offset())
        : section(v).getIntAcquire(0, v.offset());
  }

  /** Sets it after everything that was set before. */
  void set(String name, long value) {
    GlobalVariable v = variable(name);
    if (v.size() == Long.BYTES) {
      section(v).putLongRelease(0, v.offset(), value);
    } else {
      section(v).putIntRelease(0, v.offset(), Math.toIntExact(value));
    }
  }

  /** Adds to a word that programs add to as well; what was there. */
  long add(String name, long amount) {
    GlobalVariable v = variable(name);
    return section(v).addLong(0, v.offset(), amount);
  }

  @Override
  public void close() {
    sections.values().forEach(MappedArray::close);
  }
}
