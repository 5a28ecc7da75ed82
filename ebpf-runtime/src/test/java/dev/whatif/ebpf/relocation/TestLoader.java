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

/** Loads programs without maps: relocated by us, or with their records for the kernel. */
final class TestLoader implements AutoCloseable {

  private static final int BPF_F_SLEEPABLE = 1 << 4;

  private final BpfObject object;
  private final KernelBtf types;

  TestLoader(BpfObject object) {
    this.object = object;
    this.types = KernelBtf.load(object.name(), object.sanitisedBtf());
  }

  /** Loads instructions that we relocated. */
  KernelProgram relocatedByUs(ProgramDefinition program, RelocatedProgram relocated) {
    return KernelProgram.load(spec(program, relocated.code()));
  }

  /** Loads instructions that the kernel is to relocate. */
  KernelProgram relocatedByTheKernel(ProgramDefinition program) {
    ByteBuffer records = records(program.relocations().size() * CoreRelocation.BYTES);
    for (CoreRelocation r : program.relocations()) {
      records
          .putInt(r.instructionOffset())
          .putInt(r.typeId())
          .putInt(r.accessOffset())
          .putInt(r.kind().number());
    }
    return KernelProgram.load(
        spec(program, program.code()).relocations(records.array(), CoreRelocation.BYTES));
  }

  @Override
  public void close() {
    types.close();
  }

  private ProgramSpec spec(ProgramDefinition program, byte[] code) {
    ByteBuffer functions = records(program.functions().size() * FuncInfo.BYTES);
    program.functions().forEach(f -> functions.putInt(f.slot()).putInt(f.typeId()));
    ProgramSpec spec =
        new ProgramSpec(program.name(), program.kind().type(), code)
            .license(object.license())
            .expectedAttachType(program.kind().expectedAttachType())
            .flags(program.kind().sleepable() ? BPF_F_SLEEPABLE : 0)
            .types(types, functions.array(), FuncInfo.BYTES, new byte[0], 0);
    if (program.kind().byBtf()) {
      Btf kernel = Btf.ofKernel();
      String target = program.kind().target();
      boolean tracepoint =
          program.kind().attachType().stream().anyMatch(AttachType.TRACE_RAW_TP::equals);
      spec.attachTo(
          (tracepoint
                  ? kernel.find(BtfKind.TYPEDEF, "btf_trace_" + target)
                  : kernel.find(BtfKind.FUNC, target))
              .orElseThrow(),
          null);
    }
    return spec;
  }

  private static ByteBuffer records(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
