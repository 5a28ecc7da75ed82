package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfProgramAttr;
import dev.whatif.core.linux.BpfProgramInfo;
import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.object.ProgramType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A program that the verifier has accepted. Any thread. */
public final class KernelProgram implements KernelObject {

  private static final int ATTEMPTS = 5;

  private final Descriptor descriptor;
  private final String name;
  private final ProgramType type;

  private KernelProgram(String name, ProgramType type, int fd) {
    this.descriptor = new Descriptor("program " + name, fd);
    this.name = name;
    this.type = type;
  }

  /**
   * Loads a program. The verifier is asked for its log only after it has refused: writing it costs
   * several times the verification.
   *
   * @throws dev.whatif.core.failure.BadDataException when the verifier refuses: with the
   *     instruction, its source line and the end of the log; its cause is a {@link VerifierRefusal}
   * @throws dev.whatif.core.failure.UnavailableException when this user may not or this kernel does
   *     not know what is asked for
   */
  public static KernelProgram load(ProgramSpec spec) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = tryLoad(spec.attr(arena));
      if (fd >= 0) {
        return new KernelProgram(spec.name, spec.type, fd);
      }
    }
    VerifierAnswer answer = VerifierAnswer.of(spec);
    if (answer.result() >= 0) {
      return new KernelProgram(spec.name, spec.type, answer.result());
    }
    throw Refusal.ofProgram(spec, answer);
  }

  /**
   * The call. The verifier gives up with EAGAIN when a signal comes (a profiler's, a timer's):
   * again then, as often as libbpf tries.
   */
  static int tryLoad(BpfProgramAttr attr) {
    int result = Bpf.tryCall(BpfCommand.BPF_PROG_LOAD, attr);
    for (int i = 1; i < ATTEMPTS && -result == Errno.EAGAIN.value(); i++) {
      result = Bpf.tryCall(BpfCommand.BPF_PROG_LOAD, attr);
    }
    return result;
  }

  /** Its name, in full when loaded here. */
  public String name() {
    return name;
  }

  /** Its type. */
  public ProgramType type() {
    return type;
  }

  /** Runs it once or often, outside of any event. */
  public TestRun testRun(TestInput input) {
    return input.run(this);
  }

  /**
   * The instructions as the verifier left them, with addresses of kernel memory blanked: 8 bytes
   * each.
   */
  public byte[] xlated() {
    return instructions(BpfProgramInfo.XLATED_PROG_LEN, BpfProgramInfo.XLATED_PROG_INSNS);
  }

  /** The machine code; empty without a JIT. */
  public byte[] jited() {
    return instructions(BpfProgramInfo.JITED_PROG_LEN, BpfProgramInfo.JITED_PROG_INSNS);
  }

  /** What the kernel says about it now. */
  public ProgramInfo info() {
    return ProgramInfo.of(fd());
  }

  @Override
  public int fd() {
    return descriptor.fd();
  }

  @Override
  public int id() {
    return info().id();
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return "program " + name + " (" + type + ")";
  }

  private byte[] instructions(long length, long pointer) {
    try (Arena arena = Arena.ofConfined()) {
      int bytes =
          Ids.info(arena, fd(), BpfProgramInfo.LAYOUT.byteSize()).get(ValueLayout.JAVA_INT, length);
      if (bytes == 0) {
        return new byte[0];
      }
      MemorySegment buffer = arena.allocate(bytes, 8);
      MemorySegment info = arena.allocate(BpfProgramInfo.LAYOUT);
      info.set(ValueLayout.JAVA_INT, length, bytes);
      info.set(ValueLayout.JAVA_LONG, pointer, buffer.address());
      Ids.info(arena, fd(), info);
      return buffer.toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
