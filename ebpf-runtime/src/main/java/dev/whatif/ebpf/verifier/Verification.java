package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import dev.whatif.ebpf.verifier.RegisterState.Unwritten;
import java.util.ArrayList;
import java.util.List;

/** What all steps of one verification share. One thread. */
final class Verification {

  final Program program;
  final RuleSet rules;
  final Code code;
  final Maps maps;
  final Functions functions;

  /** The code to run, changed where the context is laid out differently in memory. */
  final List<Instruction> rewritten;

  private final Provenance[] bases;
  private int lastId;

  Verification(Program program, RuleSet rules) {
    this.program = program;
    this.rules = rules;
    this.code = program.code();
    this.maps = new Maps(program);
    this.functions = new Functions(code);
    this.rewritten = new ArrayList<>(code.instructions());
    this.bases = new Provenance[code.instructions().size()];
  }

  /** Whether the kernel's rules hold. */
  boolean strict() {
    return rules == RuleSet.KERNEL;
  }

  int newId() {
    return ++lastId;
  }

  /** What a register holds that nobody wrote. */
  RegisterState forgotten() {
    return strict() ? Unwritten.UNWRITTEN : Scalar.unknown();
  }

  /** The register, which must have been written. */
  RegisterState read(MachineState state, Register register) {
    RegisterState value = state.get(register);
    if (value == Unwritten.UNWRITTEN) {
      throw new Fault(
          "r%d is read, but nothing was written to it on this way".formatted(register.number()),
          register.number() == 0
              ? "return a value on every way, and use the result of a call only after the call"
              : "give the variable a value on every way here; calls destroy r1 to r5");
    }
    return value;
  }

  /** Writes a register, unless it is the frame pointer. */
  void write(MachineState state, Register register, RegisterState value) {
    requireWritable(register);
    state.set(register, value);
  }

  void requireWritable(Register register) {
    if (register == Register.R10) {
      throw new Fault("r10 is the frame pointer, which is read only", "use r0 to r9");
    }
  }

  /**
   * One instruction is translated in one way: it cannot read the context at one time and something
   * else at another.
   */
  void requireSameBase(int index, Provenance base) {
    Provenance before = bases[index];
    boolean context = base == Provenance.Single.CONTEXT;
    if (before != null && context != (before == Provenance.Single.CONTEXT)) {
      throw new Fault(
          "the same instruction accesses the context on one way and %s on another"
              .formatted((context ? before : base).text()),
          "access the context where it is still the function's argument");
    }
    bases[index] = base;
  }

  /** Where a jump, call or function address leads; the code has checked that it is there. */
  int target(int index) {
    long slot = code.instructions().get(index).targetFrom(code.slotOf(index)).orElseThrow();
    return code.indexAt(slot)
        .orElseThrow(() ->
            new Fault(
                "leads to slot %d, where no instruction begins".formatted(slot),
                "jump to the beginning of an instruction of this program"));
  }
}
