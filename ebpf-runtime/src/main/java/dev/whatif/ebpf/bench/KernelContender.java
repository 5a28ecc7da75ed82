package dev.whatif.ebpf.bench;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.object.ProgramType;

/** The kernel's own compiler: test runs of a loaded program, which it closes. */
final class KernelContender implements Contender {

  private final KernelProgram program;
  private final KernelProgram empty;

  KernelContender(KernelProgram program) {
    this.program = program;
    byte[] code = Code.build(b -> b.move(Register.R0, 0).exit()).bytes();
    empty = KernelProgram.load(new ProgramSpec("empty", ProgramType.XDP, code));
  }

  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public int result() {
    return program.testRun(new TestInput().data(Block.bytes(), 0)).returned();
  }

  @Override
  public double nanos(int times) {
    return program.testRun(new TestInput().data(Block.bytes(), 0).repeat(times)).meanNanos();
  }

  @Override
  public double emptyNanos(int times) {
    return empty.testRun(new TestInput().data(Block.bytes(), 0).repeat(times)).meanNanos();
  }

  @Override
  public void close() {
    program.close();
    empty.close();
  }
}
