package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.bpfhelper.Argument;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of one call of a helper ({@code check_func_arg} in kernel/bpf/verifier.c). Used
 * once, by one thread.
 */
final class HelperArguments {

  private static final int MAX_SIZE = PointerArithmetic.MAX_OFFSET;

  /** The map of the call; -1 for none. */
  int map = -1;

  /** The index of the function's first instruction; -1 for none. */
  int function = -1;

  /** What a constant argument is. */
  int constant;

  /** What the longest piece of memory is that the helper may fill. */
  long longest;

  private final Verification in;
  private final MachineState state;
  private final HelperFunction helper;
  private final StackAccess stack;
  private final RegionAccess regions;
  private final ContextAccess context;
  private final List<Runnable> afterwards = new ArrayList<>();
  private int released;

  HelperArguments(
      Verification verification,
      MachineState state,
      HelperFunction helper,
      StackAccess stack,
      RegionAccess regions) {
    in = verification;
    this.state = state;
    this.helper = helper;
    this.stack = stack;
    this.regions = regions;
    context = new ContextAccess(verification);
  }

  /** Checks an argument; those before it were checked before. */
  void check(int number, Argument kind) {
    Register register = Register.of(number + 1);
    RegisterState value = in.read(state, register);
    switch (kind) {
      case ANYTHING -> {
        // it was written
      }
      case CONTEXT -> requireContext(register, value);
      case MAP -> {
        if (!(value instanceof Pointer p && p.to() instanceof Provenance.MapHandle(int index))
            || ((Pointer) value).fixedOffset() != 0) {
          throw wrong(register, value, "a map");
        }
        map = index;
      }
      case KEY -> memory(register, value, in.maps.keyBytes(map), false, RegionAccess.Kind.READ);
      case VALUE -> memory(register, value, in.maps.valueBytes(map), false, RegionAccess.Kind.READ);
      case READABLE, READABLE_OR_NULL, WRITABLE, WRITABLE_OR_NULL -> {
        boolean missing = value instanceof Scalar nothing && nothing.range().isZero();
        if (!(value instanceof Pointer) && !(missing && kind.isNullable())) {
          // a length of 0 may still make up for it
          requireEmpty(number, register, value);
        }
      }
      case SIZE, SIZE_OR_ZERO -> size(number, kind);
      case CONSTANT_SIZE -> constant = constantSize(register, value);
      case WRITABLE_LONG -> {
        memory(register, value, Long.BYTES, false, RegionAccess.Kind.WRITE);
        requireAligned(register, (Pointer) value);
      }
      case CONSTANT_STRING -> FormatText.require(in, register, value);
      case FUNCTION -> {
        if (!(value instanceof Pointer p && p.to() instanceof Provenance.Function(int index))) {
          throw wrong(register, value, "a function of the program");
        }
        function = index;
      }
      case STACK_OR_NULL -> {
        boolean missing = value instanceof Scalar nothing && nothing.range().isZero();
        if (!missing && !(value instanceof Pointer p && p.to() instanceof Provenance.Stack)) {
          throw wrong(register, value, "an address on the stack, or NULL");
        }
        if (missing) {
          ((Scalar) value).demand().raise();
        }
      }
      case RECORD -> record(register, value);
    }
  }

  /** What the helper changes, once everything was checked. */
  void finish() {
    afterwards.forEach(Runnable::run);
    if (released != 0) {
      int id = released;
      state.release(id);
      state.replaceAll(s ->
          s instanceof Pointer p
                  && p.to() instanceof Provenance.Memory(_, int reference)
                  && reference == id
              ? gone()
              : s);
    }
  }

  /** A record that was given back is an address of nothing. */
  private RegisterState gone() {
    return Scalar.unknown();
  }

  private void requireContext(Register register, RegisterState value) {
    boolean whole =
        value instanceof Pointer p
            && p.to() == Provenance.Single.CONTEXT
            && p.isFixed()
            && p.offset() == 0
            && p.fixedOffset() == 0;
    boolean plain = value instanceof Pointer && in.program.contextBytes() > 0;
    if (!whole && !plain) {
      throw wrong(register, value, "the context");
    }
  }

  private void requireEmpty(int number, Register register, RegisterState value) {
    RegisterState size = state.get(Register.of(number + 2));
    boolean nothing =
        value instanceof Scalar pointer
            && pointer.range().isZero()
            && size instanceof Scalar length
            && length.range().isZero();
    if (!nothing) {
      throw wrong(register, value, "memory");
    }
  }

  private void size(int number, Argument kind) {
    Register register = Register.of(number + 1);
    RegisterState value = state.get(register);
    if (!(value instanceof Scalar size)) {
      throw wrong(register, value, "a length");
    }
    size.demand().raise();
    ScalarRange range = size.range();
    boolean zeroAllowed = kind == Argument.SIZE_OR_ZERO;
    if (range.smin() < 0) {
      throw new Fault(
          "%s: the length in r%d may be negative: %s"
              .formatted(helper.cName(), number + 1, range.text()),
          "make it unsigned, or mask it: length &= 0xff");
    }
    if (range.umin() == 0 && !zeroAllowed) {
      throw new Fault(
          "%s: the length in r%d may be 0".formatted(helper.cName(), number + 1),
          "test it: if (length == 0) return 0;");
    }
    if (Long.compareUnsigned(range.umax(), MAX_SIZE) >= 0) {
      throw new Fault(
          "%s: the length in r%d has no upper bound".formatted(helper.cName(), number + 1),
          "mask it (length &= 0xff) or test it: if (length > sizeof(buffer)) return 0;");
    }
    Argument memory = helper.arguments().get(number - 1);
    boolean writes = memory == Argument.WRITABLE || memory == Argument.WRITABLE_OR_NULL;
    Register base = Register.of(number);
    if (writes) {
      longest = Math.max(longest, range.umax());
    }
    if (state.get(base) instanceof Scalar nothing) {
      nothing.demand().raise();
      if (range.umax() != 0) {
        throw wrong(base, nothing, range.umax() + " bytes of memory");
      }
      return;
    }
    memory(
        base,
        state.get(base),
        (int) range.umax(),
        zeroAllowed,
        writes ? RegionAccess.Kind.WRITE : RegionAccess.Kind.READ);
  }

  private void memory(
      Register register, RegisterState value, int bytes, boolean empty, RegionAccess.Kind kind) {
    if (!(value instanceof Pointer pointer)) {
      throw wrong(register, value, bytes + " bytes of memory");
    }
    if (pointer.nullable()) {
      throw new Fault(
          "%s: r%d may be NULL: it is a %s"
              .formatted(helper.cName(), register.number(), pointer.text()),
          "test it first: if (!pointer) return 0;");
    }
    if (bytes == 0 && empty && !(pointer.to() instanceof Provenance.Stack)) {
      regions.require(pointer, 0, 0, kind);
      return;
    }
    switch (pointer.to()) {
      case Provenance.Stack _ -> {
        if (bytes == 0) {
          return;
        }
        if (kind == RegionAccess.Kind.READ) {
          stack.read(state, pointer, bytes);
        } else {
          stack.require(state, pointer, bytes);
          afterwards.add(() -> stack.overwrite(state, pointer, bytes));
        }
      }
      case Provenance.Single single -> {
        if (single == Provenance.Single.CONTEXT) {
          context.require(pointer, bytes);
          return;
        }
        if (!helper.readsPackets()) {
          throw new Fault(
              "%s: r%d is in the packet".formatted(helper.cName(), register.number()),
              "copy the bytes to the stack first");
        }
        regions.require(pointer, 0, bytes, kind);
      }
      case Provenance.MapValue _, Provenance.MapKey _, Provenance.Memory _ ->
          regions.require(pointer, 0, bytes, kind);
      case Provenance.MapHandle _, Provenance.Function _ ->
          throw wrong(register, value, bytes + " bytes of memory");
    }
  }

  private int constantSize(Register register, RegisterState value) {
    if (!(value instanceof Scalar number) || !number.range().isConstant()) {
      throw wrong(register, value, "a constant length");
    }
    number.demand().raise();
    long size = number.range().value();
    if (size < 0 || size >= MAX_SIZE) {
      throw wrong(register, value, "a length from 0 to " + (MAX_SIZE - 1));
    }
    return (int) size;
  }

  private void requireAligned(Register register, Pointer pointer) {
    TristateNumber at = pointer.variable().bits().add(TristateNumber.constant(pointer.offset()));
    if (((at.value() | at.mask()) & Long.BYTES - 1) != 0) {
      throw wrong(register, pointer, "an address that is a multiple of 8");
    }
  }

  private void record(Register register, RegisterState value) {
    boolean taken =
        value instanceof Pointer p
            && p.to() instanceof Provenance.Memory(_, int reference)
            && reference != 0
            && !p.nullable();
    if (!taken) {
      throw wrong(register, value, "a ring record that was reserved and is not NULL");
    }
    Pointer pointer = (Pointer) value;
    if (!pointer.isFixed() || pointer.fixedOffset() != 0) {
      throw wrong(register, value, "the beginning of the ring record");
    }
    released = ((Provenance.Memory) pointer.to()).reference();
  }

  private Fault wrong(Register register, RegisterState value, String expected) {
    return new Fault(
        "%s: r%d is %s, not %s"
            .formatted(helper.cName(), register.number(), value.text(), expected),
        value instanceof Pointer p && p.nullable()
            ? "test it first: if (!pointer) return 0;"
            : "hand in what the helper's declaration says");
  }
}
