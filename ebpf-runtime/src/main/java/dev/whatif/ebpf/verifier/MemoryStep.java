package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Immediate;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Operand;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;

/** Loads, stores and atomics ({@code check_mem_access} in kernel/bpf/verifier.c). */
final class MemoryStep {

  private final Verification in;
  private final StackAccess stack;
  private final RegionAccess regions;
  private final ContextAccess context;

  MemoryStep(Verification verification, StackAccess stack, RegionAccess regions) {
    in = verification;
    this.stack = stack;
    this.regions = regions;
    this.context = new ContextAccess(verification);
  }

  void load(MachineState state, int index, Instruction.Load load) {
    Pointer base = address(in.read(state, load.base()), load.base());
    in.requireWritable(load.dst());
    in.requireSameBase(index, base.to());
    int bytes = load.size().bytes();
    RegisterState value =
        base.to() == Provenance.Single.CONTEXT
            ? context.load(base, load, index)
            : read(state, base, load.offset(), bytes);
    if (load.signed()) {
      value =
          value instanceof Scalar number
              ? new Scalar(number.range().signExtended(bytes), number.demand())
              : Scalar.of(ScalarRange.loaded(bytes, true));
    }
    state.set(load.dst(), value);
  }

  void store(MachineState state, int index, Instruction.Store store) {
    RegisterState value =
        switch (store.value()) {
          case Immediate(int constant) -> Scalar.constant(constant);
          case Register register -> in.read(state, register);
        };
    Pointer base = address(in.read(state, store.base()), store.base());
    in.requireSameBase(index, base.to());
    int bytes = store.size().bytes();
    if (base.to() instanceof Provenance.Stack) {
      value = named(state, store.value(), value, bytes);
    }
    if (base.to() == Provenance.Single.CONTEXT) {
      context.store(base, store);
    } else {
      write(state, base, store.offset(), bytes, value);
    }
  }

  void atomic(MachineState state, int index, Instruction.Atomic atomic) {
    in.read(state, atomic.src());
    Pointer base = address(in.read(state, atomic.base()), atomic.base());
    boolean compares = atomic.operator() == AtomicOperator.COMPARE_EXCHANGE;
    if (compares) {
      in.read(state, Register.R0);
    }
    in.requireSameBase(index, base.to());
    if (base.to() instanceof Provenance.Single) {
      throw new Fault(
          "an atomic operation on " + base.to().text(),
          "use atomic operations on maps and on the stack");
    }
    MemorySize size = atomic.width() == Width.W32 ? MemorySize.WORD : MemorySize.DOUBLE;
    requireAligned(base, atomic.offset(), size.bytes());
    RegisterState old = read(state, base, atomic.offset(), size.bytes());
    if (atomic.operator().fetches()) {
      Register result = compares ? Register.R0 : atomic.src();
      in.write(state, result, old);
    }
    write(state, base, atomic.offset(), size.bytes(), Scalar.unknown());
  }

  /** What is saved and the register that it was saved from are the same number. */
  private RegisterState named(MachineState state, Operand source, RegisterState value, int bytes) {
    if (source instanceof Register register
        && value instanceof Scalar number
        && number.id() == 0
        && !number.range().isConstant()
        && number.range().fits(bytes * Byte.SIZE)) {
      Scalar named = number.withId(in.newId());
      state.set(register, named);
      return named;
    }
    return value;
  }

  private RegisterState read(MachineState state, Pointer base, int offset, int bytes) {
    return base.to() instanceof Provenance.Stack
        ? stack.load(state, base, offset, bytes)
        : regions.load(base, offset, bytes);
  }

  private void write(MachineState state, Pointer base, int offset, int bytes, RegisterState value) {
    if (base.to() instanceof Provenance.Stack) {
      stack.store(state, base, offset, bytes, value);
    } else {
      regions.require(base, offset, bytes, RegionAccess.Kind.WRITE);
    }
  }

  private static Pointer address(RegisterState value, Register register) {
    if (!(value instanceof Pointer pointer)) {
      throw new Fault(
          "r%d is used as an address, but it is %s".formatted(register.number(), value.text()),
          "read foreign memory with bpf_probe_read_user or bpf_probe_read_kernel");
    }
    if (pointer.nullable()) {
      throw new Fault(
          "r%d is used as an address, but it may be NULL: it is a %s"
              .formatted(register.number(), pointer.text()),
          "test it first: if (!pointer) return 0;");
    }
    return pointer;
  }

  private void requireAligned(Pointer base, int offset, int bytes) {
    TristateNumber at =
        base.variable().bits().add(TristateNumber.constant((long) base.offset() + offset));
    if (in.strict() && ((at.value() | at.mask()) & bytes - 1) != 0) {
      throw new Fault(
          "an atomic operation of %d bytes on an address that need not be a multiple of it"
              .formatted(bytes),
          "align the variable (__attribute__((aligned(%d))))".formatted(bytes));
    }
  }
}
