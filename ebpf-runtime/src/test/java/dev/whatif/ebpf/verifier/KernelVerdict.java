package dev.whatif.ebpf.verifier;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the kernel's verifier says of a program.
 *
 * @param accepted whether it loads
 * @param reason why not
 * @param log all that it wrote when it refused
 */
record KernelVerdict(boolean accepted, String reason, String log) {

  /** Maps in the kernel that look like a program's own. Closing them lets them go. */
  static final class Maps implements AutoCloseable {

    private final List<KernelMap> maps = new ArrayList<>();

    Maps(List<MapDefinition> definitions) {
      for (MapDefinition d : definitions) {
        MapType type =
            Arrays.stream(MapType.values()).filter(t -> t.number() == d.type()).findFirst().get();
        KernelMap map =
            KernelMap.create(
                new MapSpec(d.name(), type, d.keySize(), d.valueSize(), d.maxEntries())
                    .flags(d.flags()));
        maps.add(map);
        if (d.isData()) {
          map.update(new byte[Integer.BYTES], d.initialValue());
        }
        if (d.readOnly()) {
          map.freeze();
        }
      }
    }

    /** The verdict on a program whose maps these are. */
    KernelVerdict on(Program program) {
      ProgramSpec spec = new ProgramSpec(program.name(), program.type(), code(program));
      if (program.type() == ProgramType.SYSCALL) {
        spec.flags(Bpf.BPF_F_SLEEPABLE);
      }
      Functions functions = new Functions(program.code());
      if (functions.count() == 1) {
        return load(spec);
      }
      try (KernelBtf types = KernelBtf.load("functions", types(functions.count()))) {
        return load(spec.types(types, records(program, functions), FuncInfo.BYTES, new byte[0], 0));
      }
    }

    private static KernelVerdict load(ProgramSpec spec) {
      try (KernelProgram loaded = KernelProgram.load(spec)) {
        return new KernelVerdict(loaded.fd() >= 0, "", "");
      } catch (WhatifException e) {
        return e.getCause() instanceof VerifierRefusal refusal
            ? new KernelVerdict(false, refusal.reason(), refusal.log())
            : new KernelVerdict(false, String.valueOf(e.getMessage()), "");
      }
    }

    private byte[] code(Program program) {
      List<Instruction> instructions = new ArrayList<>();
      for (Instruction i : program.code().instructions()) {
        instructions.add(
            i instanceof Instruction.LoadReference(var dst, var kind, int first, int second)
                ? switch (kind) {
                  case MAP_INDEX ->
                      new Instruction.LoadReference(
                          dst, ReferenceKind.MAP, maps.get(first).fd(), 0);
                  case MAP_INDEX_VALUE ->
                      new Instruction.LoadReference(
                          dst, ReferenceKind.MAP_VALUE, maps.get(first).fd(), second);
                  default -> i;
                }
                : i);
      }
      return Code.of(instructions).bytes();
    }

    /** Types of static functions with five arguments; the kernel wants them for callbacks. */
    private static byte[] types(int functions) {
      BtfBuilder types = new BtfBuilder();
      int number = types.add(new BtfType.Int(0, "long", 8, BtfType.Int.SIGNED, 0, 64));
      int prototype = types.add(new BtfType.FuncProto(0, number, List.of()));
      for (int i = 0; i < functions; i++) {
        types.add(new BtfType.Func(0, "f" + i, prototype, BtfType.Func.STATIC));
      }
      return types.bytes();
    }

    private static byte[] records(Program program, Functions functions) {
      ByteBuffer records =
          ByteBuffer.allocate(functions.count() * FuncInfo.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < functions.count(); i++) {
        records.putInt(program.code().slotOf(functions.start(i))).putInt(3 + i);
      }
      return records.array();
    }

    @Override
    public void close() {
      maps.forEach(KernelMap::close);
    }
  }
}
