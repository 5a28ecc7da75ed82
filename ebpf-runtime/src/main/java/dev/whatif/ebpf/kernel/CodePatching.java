package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.CodeReference;
import dev.whatif.ebpf.object.ProgramDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fills in what a program's code says only by name. */
final class CodePatching {

  /** A call that no kernel knows, as libbpf marks weak functions that are missing. */
  private static final int POISONED_CALL = 2_002_000_000;

  private final ProgramDefinition program;
  private final byte[] code;
  private final Map<String, KernelMap> maps;
  private final KernelTypes types;
  private final KernelAddresses addresses;
  private final List<KernelBtf> modules = new ArrayList<>();

  /**
   * For one program.
   *
   * @param code its instructions, relocated or for the kernel to relocate; changed in place
   */
  CodePatching(
      ProgramDefinition program,
      byte[] code,
      Map<String, KernelMap> maps,
      KernelTypes types,
      KernelAddresses addresses) {
    this.program = program;
    this.code = code;
    this.maps = maps;
    this.types = types;
    this.addresses = addresses;
  }

  /** Modules whose functions are called, in the order in which calls count them from 1. */
  List<KernelBtf> modules() {
    return modules;
  }

  /** Patches every reference. */
  byte[] patch() {
    for (CodeReference reference : program.references()) {
      switch (reference) {
        case CodeReference.MapAddress r -> put(r.slot(), Bpf.BPF_PSEUDO_MAP_FD, map(r.map()).fd());
        case CodeReference.MapValue r -> put(r.slot(), Bpf.BPF_PSEUDO_MAP_VALUE, map(r.map()).fd());
        case CodeReference.KernelFunction r -> call(r);
        case CodeReference.KernelVariable r -> variable(r);
      }
    }
    return code;
  }

  private KernelMap map(String name) {
    KernelMap map = maps.get(name);
    if (map == null) {
      throw new BadDataException(
          "program '%s' refers to map '%s', which the object does not define"
              .formatted(program.name(), name));
    }
    return map;
  }

  private void call(CodeReference.KernelFunction reference) {
    Optional<KernelTypes.Found> function = types.find(BtfKind.FUNC, reference.kernelName());
    if (function.isEmpty()) {
      if (!reference.weak()) {
        throw missing("function", reference.kernelName());
      }
      Slot slot = Slot.at(code, reference.slot());
      new Slot(slot.opcode(), 0, 0, (short) 0, POISONED_CALL).put(code, reference.slot());
      return;
    }
    Slot slot = Slot.at(code, reference.slot());
    new Slot(
            slot.opcode(),
            slot.dst(),
            Bpf.BPF_PSEUDO_KFUNC_CALL,
            (short) moduleIndex(function.get()),
            function.get().id())
        .put(code, reference.slot());
  }

  private int moduleIndex(KernelTypes.Found found) {
    KernelBtf module = found.module();
    if (module == null) {
      return 0;
    }
    if (!modules.contains(module)) {
      modules.add(module);
    }
    return modules.indexOf(module) + 1;
  }

  private void variable(CodeReference.KernelVariable reference) {
    if (!reference.typed()) {
      Optional<Long> address = addresses.of(reference.kernelName());
      if (address.isEmpty() && !reference.weak()) {
        throw missing("symbol", reference.kernelName());
      }
      wide(reference.slot(), 0, address.orElse(0L));
      return;
    }
    Optional<KernelTypes.Found> found =
        types
            .find(BtfKind.VAR, reference.kernelName())
            .or(() -> types.find(BtfKind.FUNC, reference.kernelName()));
    if (found.isEmpty()) {
      if (!reference.weak()) {
        throw missing("variable", reference.kernelName());
      }
      wide(reference.slot(), 0, 0);
      return;
    }
    KernelBtf module = found.get().module();
    long fd = module == null ? 0 : module.fd();
    wide(reference.slot(), Bpf.BPF_PSEUDO_BTF_ID, fd << Integer.SIZE | found.get().id());
  }

  private UnavailableException missing(String what, String name) {
    return new UnavailableException(
        "this kernel (Linux %s) has no %s '%s', which program '%s' needs"
            .formatted(System.getProperty("os.version"), what, name, program.name()),
        "use a kernel that has it, or declare it __weak and ask bpf_ksym_exists first");
  }

  private void put(int slot, int source, int imm) {
    Slot old = Slot.at(code, slot);
    new Slot(old.opcode(), old.dst(), source, old.offset(), imm).put(code, slot);
  }

  private void wide(int slot, int source, long value) {
    put(slot, source, (int) value);
    Slot second = Slot.at(code, slot + 1);
    new Slot(
            second.opcode(),
            second.dst(),
            second.src(),
            second.offset(),
            (int) (value >>> Integer.SIZE))
        .put(code, slot + 1);
  }
}
