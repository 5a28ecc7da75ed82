package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/**
 * What a program may read of, and write to, what it was called with. The rules are those of the
 * kernel's {@code is_valid_access} functions: kernel/trace/bpf_trace.c, net/core/filter.c,
 * kernel/bpf/syscall.c.
 */
final class ContextAccess {

  /** arch/x86/include/asm/ptrace.h, struct pt_regs. */
  private static final int PT_REGS_BYTES = 168;

  /** include/uapi/linux/bpf_perf_event.h, struct bpf_perf_event_data. */
  private static final int PERF_EVENT_BYTES = PT_REGS_BYTES + 16;

  /** include/linux/perf_event.h, PERF_MAX_TRACE_SIZE. */
  private static final int TRACE_BYTES = 8192;

  /** Arguments of a raw tracepoint: include/linux/filter.h, MAX_BPF_FUNC_ARGS. */
  private static final int RAW_BYTES = 12 * Long.BYTES;

  private static final int SYSCALL_BYTES = 0xffff;

  private final Verification in;

  ContextAccess(Verification verification) {
    in = verification;
  }

  /** What a load gives; notes how it is to be run. */
  RegisterState load(Pointer base, Instruction.Load load, int index) {
    int bytes = load.size().bytes();
    long at = offset(base, load.offset());
    ProgramType type = in.program.type();
    boolean good =
        at >= 0
            && at % bytes == 0
            && switch (type) {
              case KPROBE -> at + bytes <= PT_REGS_BYTES;
              case TRACEPOINT -> at >= Long.BYTES && at < TRACE_BYTES;
              case RAW_TRACEPOINT -> at < RAW_BYTES;
              case PERF_EVENT ->
                  at < PERF_EVENT_BYTES && (bytes == Long.BYTES || at >= PT_REGS_BYTES);
              case SYSCALL -> at < SYSCALL_BYTES;
              case XDP -> XdpContext.isField(at, bytes);
              case SOCKET_FILTER, SCHED_CLS -> SocketBuffer.isReadable(type, at, bytes);
              default -> false;
            };
    if (!good) {
      throw refused("reads", bytes, at);
    }
    Provenance pointer =
        switch (type) {
          case XDP -> XdpContext.pointer(at);
          case SCHED_CLS -> SocketBuffer.pointer(at);
          default -> null;
        };
    if (pointer != null && load.signed()) {
      throw refused("reads with a sign", bytes, at);
    }
    if (type == ProgramType.XDP) {
      in.rewritten.set(index, XdpContext.inMemory(load, at));
    }
    if (pointer != null) {
      return Pointer.at(
          pointer, 0, pointer == Provenance.Single.PACKET_END ? 0 : in.newId(), false);
    }
    return Scalar.of(ScalarRange.loaded(bytes, false));
  }

  /** Checks a store. */
  void store(Pointer base, Instruction.Store store) {
    int bytes = store.size().bytes();
    long at = offset(base, store.offset());
    ProgramType type = in.program.type();
    boolean good =
        at >= 0
            && at % bytes == 0
            && switch (type) {
              case SYSCALL -> at < SYSCALL_BYTES;
              case SOCKET_FILTER, SCHED_CLS -> SocketBuffer.isWritable(type, at, bytes);
              default -> false;
            };
    if (!good) {
      throw refused("writes", bytes, at);
    }
  }

  /** Memory for a helper; only the arguments of a system call are plain memory. */
  void require(Pointer base, int bytes) {
    long at = offset(base, 0);
    if (in.program.type() != ProgramType.SYSCALL || at < 0 || at + bytes > SYSCALL_BYTES) {
      throw new Fault(
          "hands the context to a helper as memory", "copy what is needed to the stack first");
    }
  }

  private long offset(Pointer base, int offset) {
    if (!base.isFixed() || base.offset() != 0 || base.variable().value() != 0) {
      throw new Fault(
          "accesses the context through a pointer that was moved: " + base.text(),
          "access its fields from its beginning; the compiler keeps to that when the pointer is"
              + " not changed in a loop");
    }
    return offset;
  }

  private Fault refused(String how, int bytes, long at) {
    return new Fault(
        "%s %d bytes at offset %d of the context of a program of type %s"
            .formatted(how, bytes, at, in.program.type()),
        "access whole fields of what such programs are called with, at their own size; most are"
            + " read only");
  }

  /** A 64-bit load at an offset of what is in memory. */
  static Instruction.Load at(Instruction.Load load, MemorySize size, int offset) {
    return new Instruction.Load(size, load.signed(), load.dst(), load.base(), (short) offset);
  }
}
