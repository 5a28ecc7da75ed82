package dev.whatif.ebpf.object;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.btf.CodeRecord;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one program out of an entry function and everything that it reaches.
 *
 * <p>As libbpf does (tools/lib/bpf/libbpf.c, {@code bpf_object__reloc_code}): a function is
 * appended when the scan first meets a reference to it, and then scanned itself before the scan
 * goes on, so that both give the same instructions.
 */
final class Linker {

  /** kernel, include/linux/bpf_verifier.h, BPF_MAX_SUBPROGS; also bounds the recursion here. */
  private static final int MAX_FUNCTIONS = 256;

  /** kernel, include/linux/bpf.h, BPF_COMPLEXITY_LIMIT_INSNS. */
  private static final int MAX_SLOTS = 1_000_000;

  private static final int LD_IMM64 = 0x18;
  private static final int CALL = 0x85;
  private static final int PSEUDO_CALL = 1;
  private static final int PSEUDO_FUNC = 4;

  private final Function entry;
  private final SymbolResolver resolver;
  private final Map<Function, Integer> placed = new LinkedHashMap<>();
  private final List<CodeReference> references = new ArrayList<>();
  private final List<FuncInfo> types = new ArrayList<>();
  private final List<LineInfo> lines = new ArrayList<>();
  private final List<CoreRelocation> cores = new ArrayList<>();
  private byte[] code = {};

  private Linker(Function entry, SymbolResolver resolver) {
    this.entry = entry;
    this.resolver = resolver;
  }

  /**
   * Links a program.
   *
   * @param exceptionCallback a function that must be in it though no instruction names it
   */
  static ProgramDefinition link(
      Function entry,
      SectionKind kind,
      SymbolResolver resolver,
      Optional<Function> exceptionCallback) {
    Linker linker = new Linker(entry, resolver);
    linker.append(entry);
    exceptionCallback.filter(f -> !linker.placed.containsKey(f)).ifPresent(linker::append);
    List<LinkedFunction> parts = new ArrayList<>();
    linker.placed.forEach((f, slot) -> parts.add(new LinkedFunction(f.name(), slot, f.slots())));
    return new ProgramDefinition(
        entry.name(),
        entry.section().name(),
        kind,
        linker.code,
        List.copyOf(linker.references),
        List.copyOf(parts),
        List.copyOf(linker.types),
        List.copyOf(linker.lines),
        List.copyOf(linker.cores));
  }

  private void append(Function function) {
    int at = code.length / Slot.BYTES;
    if (placed.size() == MAX_FUNCTIONS || at + function.slots() > MAX_SLOTS) {
      throw entry
          .section()
          .file()
          .bad(
              entry.section().name(),
              (long) entry.start() * Slot.BYTES,
              "program '%s' links to more than %d functions or %d instructions"
                  .formatted(entry.name(), MAX_FUNCTIONS, MAX_SLOTS));
    }
    placed.put(function, at);
    int from = function.start() * Slot.BYTES;
    int bytes = function.slots() * Slot.BYTES;
    code = Arrays.copyOf(code, code.length + bytes);
    System.arraycopy(function.section().code(), from, code, at * Slot.BYTES, bytes);
    move(function.section().types(function), types, at * Slot.BYTES - from);
    move(function.section().lines(function), lines, at * Slot.BYTES - from);
    move(function.section().cores(function), cores, at * Slot.BYTES - from);
    for (int i = 0; i < function.slots(); i++) {
      Slot slot = Slot.at(code, at + i);
      if (slot.opcode() == LD_IMM64) {
        load(function, i, slot);
        i++;
      } else if (slot.opcode() == CALL) {
        call(function, i, slot);
      } else if (function.section().relocationAt(function.start() + i) != null) {
        throw bad(function, i, "a relocation of an instruction that is no call and no 64-bit load");
      }
    }
  }

  private void call(Function caller, int i, Slot slot) {
    ObjectRelocation relocation = caller.section().relocationAt(caller.start() + i);
    if (relocation == null && slot.src() != PSEUDO_CALL) {
      return; // a helper
    }
    if (relocation != null && slot.src() != PSEUDO_CALL) {
      throw bad(caller, i, "a relocation of the call of a helper");
    }
    if (relocation != null && relocation.symbol().isUndefined()) {
      int here = placed(caller) + i;
      references.add(resolver.kernelFunction(caller, i, relocation.symbol()).at(here));
      new Slot(CALL, 0, 2 /* BPF_PSEUDO_KFUNC_CALL */, (short) 0, 0).put(code, here);
      return;
    }
    // A call through a section's symbol has the target in imm, one through a function's has -1.
    Function target =
        relocation == null
            ? function(caller, i, caller.section(), (long) caller.start() + i + slot.imm() + 1)
            : function(
                caller,
                i,
                resolver.codeSection(caller, i, relocation.symbol()),
                slotOf(caller, i, relocation.symbol().value()) + slot.imm() + 1);
    int there = reach(target);
    int here = placed(caller) + i;
    new Slot(CALL, slot.dst(), PSEUDO_CALL, slot.offset(), there - here - 1).put(code, here);
  }

  private void load(Function loader, int i, Slot slot) {
    if (i + 1 >= loader.slots()) {
      throw bad(loader, i, "half of a 64-bit load");
    }
    ObjectRelocation relocation = loader.section().relocationAt(loader.start() + i);
    if (relocation == null) {
      return;
    }
    int here = placed(loader) + i;
    ObjectSymbol symbol = relocation.symbol();
    if (!symbol.isUndefined() && resolver.isCode(symbol)) {
      // The address of a function, for a callback.
      Function target =
          function(
              loader,
              i,
              resolver.codeSection(loader, i, symbol),
              slotOf(loader, i, symbol.value() + slot.imm()));
      int there = reach(target);
      new Slot(LD_IMM64, slot.dst(), PSEUDO_FUNC, (short) 0, there - here - 1).put(code, here);
      return;
    }
    CodeReference reference = resolver.address(loader, i, symbol, slot.imm()).at(here);
    int pseudo;
    int second = 0;
    switch (reference) {
      case CodeReference.MapAddress m -> pseudo = 1;
      case CodeReference.MapValue v -> {
        pseudo = 2;
        second = v.offset();
      }
      case CodeReference.KernelVariable v -> pseudo = v.typed() ? 3 : 0;
      case CodeReference.KernelFunction f ->
          throw bad(loader, i, "the address of the kernel function '" + f.name() + "'");
    }
    new Slot(LD_IMM64, slot.dst(), pseudo, (short) 0, 0).put(code, here);
    new Slot(0, 0, 0, (short) 0, second).put(code, here + 1);
    references.add(reference);
  }

  private int reach(Function target) {
    if (!placed.containsKey(target)) {
      append(target);
    }
    return placed(target);
  }

  private int placed(Function function) {
    Integer slot = placed.get(function);
    if (slot == null) {
      throw new IllegalStateException(function + " is not placed");
    }
    return slot;
  }

  private static Function function(Function user, int i, CodeSection section, long slot) {
    return section
        .functionAt(slot)
        .orElseThrow(
            () -> bad(user, i, "no function begins at slot " + slot + " of " + section.name()));
  }

  private static long slotOf(Function user, int i, long offset) {
    if (offset % Slot.BYTES != 0) {
      throw bad(user, i, "refers to offset 0x%x, which is no instruction".formatted(offset));
    }
    return offset / Slot.BYTES;
  }

  private static <T extends CodeRecord<T>> void move(List<T> from, List<T> to, int by) {
    for (T r : from) {
      to.add(r.at(r.instructionOffset() + by));
    }
  }

  private static BadDataException bad(Function function, int i, String what) {
    return function
        .section()
        .file()
        .bad(function.section().name(), (long) (function.start() + i) * Slot.BYTES, what);
  }
}
