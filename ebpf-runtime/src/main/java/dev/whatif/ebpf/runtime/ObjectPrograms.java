package dev.whatif.ebpf.runtime;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.CodeReference;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.relocation.CoreRelocator;
import dev.whatif.ebpf.verifier.Program;
import java.util.List;

/**
 * The programs of an object, made complete: fields of the kernel's types at their places on this
 * machine, and maps by their index among the object's. Immutable, thread-safe.
 */
public final class ObjectPrograms {

  /** BPF_PSEUDO_MAP_IDX and BPF_PSEUDO_MAP_IDX_VALUE (include/uapi/linux/bpf.h). */
  private static final int MAP_INDEX = 5;

  private static final int MAP_INDEX_VALUE = 6;

  private final BpfObject object;

  /** Those of an object. */
  public ObjectPrograms(BpfObject object) {
    this.object = object;
  }

  /**
   * One of them.
   *
   * @throws UnavailableException when it needs something of the kernel's: a function, a variable,
   *     or types that this kernel does not tell
   * @throws BadDataException when the object does not define what the program refers to
   */
  public Program program(ProgramDefinition definition) {
    byte[] code = relocated(definition);
    for (CodeReference reference : definition.references()) {
      switch (reference) {
        case CodeReference.MapAddress r -> put(code, r.slot(), MAP_INDEX, map(definition, r.map()));
        case CodeReference.MapValue r ->
            put(code, r.slot(), MAP_INDEX_VALUE, map(definition, r.map()));
        case CodeReference.KernelFunction r -> throw ofKernel(definition, "function", r.name());
        case CodeReference.KernelVariable r -> throw ofKernel(definition, "variable", r.name());
      }
    }
    return new Program(
        definition.name(),
        definition.kind().type(),
        0,
        Code.decode(code),
        object.maps(),
        definition.lines());
  }

  private byte[] relocated(ProgramDefinition definition) {
    if (definition.relocations().isEmpty()) {
      return definition.code().clone();
    }
    Btf local =
        object
            .btf()
            .orElseThrow(() -> new BadDataException(object.name() + ": relocations without BTF"));
    return new CoreRelocator(local, Btf.ofKernel(), List.of())
        .relocate(definition.name(), definition.code(), definition.relocations())
        .code();
  }

  private int map(ProgramDefinition definition, String name) {
    List<MapDefinition> maps = object.maps();
    for (int i = 0; i < maps.size(); i++) {
      if (maps.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new BadDataException(
        "program '%s' refers to map '%s', which the object does not define"
            .formatted(definition.name(), name));
  }

  private static UnavailableException ofKernel(
      ProgramDefinition definition, String what, String name) {
    return new UnavailableException(
        "program '%s' uses the kernel's %s '%s', which user space does not have"
            .formatted(definition.name(), what, name),
        "run it in the kernel: --engine kernel, or whatif bpf load");
  }

  private static void put(byte[] code, int slot, int source, int imm) {
    Slot old = Slot.at(code, slot);
    new Slot(old.opcode(), old.dst(), source, old.offset(), imm).put(code, slot);
  }
}
