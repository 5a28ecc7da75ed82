package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.kernel.KernelBtf;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.object.AttachType;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Loads a program relocated by us and the same program with its records for the kernel. */
final class LoadedTwice {

  private final BpfObject object;
  private final KernelBtf types;

  LoadedTwice(BpfObject object, KernelBtf types) {
    this.object = object;
    this.types = types;
  }

  /** The verifier's view of the instructions that we relocated. */
  byte[] relocatedByUs(ProgramDefinition program, RelocatedProgram relocated) {
    try (KernelProgram loaded = KernelProgram.load(spec(program, relocated.code()))) {
      return loaded.xlated();
    }
  }

  /** The verifier's view of the instructions that the kernel relocated. */
  byte[] relocatedByTheKernel(ProgramDefinition program) {
    ByteBuffer records = records(program.relocations().size() * CoreRelocation.BYTES);
    for (CoreRelocation r : program.relocations()) {
      records
          .putInt(r.instructionOffset())
          .putInt(r.typeId())
          .putInt(r.accessOffset())
          .putInt(r.kind().number());
    }
    ProgramSpec spec =
        spec(program, program.code()).relocations(records.array(), CoreRelocation.BYTES);
    try (KernelProgram loaded = KernelProgram.load(spec)) {
      return loaded.xlated();
    }
  }

  private ProgramSpec spec(ProgramDefinition program, byte[] code) {
    ByteBuffer functions = records(program.functions().size() * FuncInfo.BYTES);
    program.functions().forEach(f -> functions.putInt(f.slot()).putInt(f.typeId()));
    ProgramSpec spec =
        new ProgramSpec(program.name(), program.kind().type(), code)
            .license(object.license())
            .expectedAttachType(program.kind().attachType().map(AttachType::number).orElse(0))
            .types(types, functions.array(), FuncInfo.BYTES, new byte[0], 0);
    if (program.kind().byBtf()) {
      String trace = "btf_trace_" + program.kind().target();
      spec.attachTo(Btf.ofKernel().find(BtfKind.TYPEDEF, trace).orElseThrow(), null);
    }
    return spec;
  }

  private static ByteBuffer records(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
