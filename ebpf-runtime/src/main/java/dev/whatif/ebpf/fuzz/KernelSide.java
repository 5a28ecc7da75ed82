package dev.whatif.ebpf.fuzz;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.ebpf.btf.BtfBuilder;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.ReferenceKind;
import dev.whatif.ebpf.kernel.KernelBtf;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.kernel.VerifierRefusal;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.verifier.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The kernel's maps for programs that share them, and its verdict on such programs. */
final class KernelSide implements AutoCloseable {

  private final List<KernelMap> maps = new ArrayList<>();

  /**
   * What the kernel says.
   *
   * @param program loaded, to be closed; null when it was refused
   * @param reason why it was refused
   */
  record Verdict(@org.jspecify.annotations.Nullable KernelProgram program, String reason)
      implements AutoCloseable {

    boolean accepted() {
      return program != null;
    }

    @Override
    public void close() {
      if (program != null) {
        program.close();
      }
    }
  }

  /** Makes the maps. */
  KernelSide(List<MapDefinition> definitions) {
    try {
      for (MapDefinition definition : definitions) {
        maps.add(create(definition));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static KernelMap create(MapDefinition d) {
    MapType type =
        Arrays.stream(MapType.values())
            .filter(t -> t.number() == d.type())
            .findFirst()
            .orElseThrow();
    KernelMap map =
        KernelMap.create(
            new MapSpec(d.name(), type, d.keySize(), d.valueSize(), d.maxEntries())
                .flags(d.flags()));
    if (d.isData()) {
      map.update(new byte[Integer.BYTES], d.initialValue());
    }
    if (d.readOnly()) {
      map.freeze();
    }
    return map;
  }

  KernelMap map(int index) {
    return maps.get(index);
  }

  /** Loads a program, with types of its functions, which the kernel wants of callbacks. */
  Verdict verdict(Program program) {
    ProgramSpec spec = new ProgramSpec("fuzz", program.type(), code(program)).license("GPL");
    if (program.type() == ProgramType.SYSCALL) {
      spec.flags(Bpf.BPF_F_SLEEPABLE);
    }
    List<Integer> starts = functions(program.code());
    try (KernelBtf types = KernelBtf.load("fuzz", types(starts.size()))) {
      return new Verdict(
          KernelProgram.load(spec.types(types, records(starts), FuncInfo.BYTES, new byte[0], 0)),
          "");
    } catch (WhatifException e) {
      return new Verdict(
          null,
          e.getCause() instanceof VerifierRefusal refusal && !refusal.reason().isEmpty()
              ? refusal.reason()
              : String.valueOf(e.getMessage()));
    }
  }

  private byte[] code(Program program) {
    List<Instruction> instructions = new ArrayList<>();
    for (Instruction i : program.code().instructions()) {
      instructions.add(i instanceof Instruction.LoadReference reference ? ofKernel(reference) : i);
    }
    return Code.of(instructions).bytes();
  }

  private Instruction ofKernel(Instruction.LoadReference reference) {
    return switch (reference.kind()) {
      case MAP_INDEX ->
          new Instruction.LoadReference(
              reference.dst(), ReferenceKind.MAP, maps.get(reference.first()).fd(), 0);
      case MAP_INDEX_VALUE ->
          new Instruction.LoadReference(
              reference.dst(),
              ReferenceKind.MAP_VALUE,
              maps.get(reference.first()).fd(),
              reference.second());
      case FUNCTION, MAP, MAP_VALUE, VARIABLE -> reference;
    };
  }

  /** Slots where functions begin. */
  private static List<Integer> functions(Code code) {
    TreeSet<Integer> starts = new TreeSet<>();
    starts.add(0);
    for (int i = 0; i < code.instructions().size(); i++) {
      Instruction instruction = code.instructions().get(i);
      boolean names =
          instruction instanceof Instruction.CallLocal
              || instruction instanceof Instruction.LoadReference(_, var kind, _, _)
                  && kind == ReferenceKind.FUNCTION;
      if (names) {
        instruction.targetFrom(code.slotOf(i)).ifPresent(t -> starts.add((int) t));
      }
    }
    return List.copyOf(starts);
  }

  /** Static functions that return a number. */
  private static byte[] types(int functions) {
    BtfBuilder types = new BtfBuilder();
    int number = types.add(new BtfType.Int(0, "long", 8, BtfType.Int.SIGNED, 0, 64));
    int prototype = types.add(new BtfType.FuncProto(0, number, List.of()));
    for (int i = 0; i < functions; i++) {
      types.add(new BtfType.Func(0, "f" + i, prototype, BtfType.Func.STATIC));
    }
    return types.bytes();
  }

  private static byte[] records(List<Integer> starts) {
    ByteBuffer records =
        ByteBuffer.allocate(starts.size() * FuncInfo.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < starts.size(); i++) {
      records.putInt(starts.get(i)).putInt(3 + i);
    }
    return records.array();
  }

  @Override
  public void close() {
    maps.forEach(KernelMap::close);
  }
}
