package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.verifier.Program;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Compiles programs on packets without having them verified. */
public final class Unverified {

  private Unverified() {}

  /** Compiled code of a program that reads its context at its beginning only. */
  public static CompiledCode compile(Program program) {
    return new JitCompiler(Code.of(onPointers(program.code())), CpuFeature.ofThisMachine())
        .compile();
  }

  /**
   * Loads of the 32-bit fields data and data_end become those of pointers, as the verifier does.
   */
  private static List<Instruction> onPointers(Code code) {
    List<Instruction> result = new ArrayList<>();
    Set<Register> contexts = EnumSet.of(Register.R1);
    for (Instruction instruction : code.instructions()) {
      Instruction next = instruction;
      if (instruction instanceof Instruction.Load(var size, _, var dst, var base, short offset)
          && contexts.contains(base)
          && size == MemorySize.WORD) {
        next = new Instruction.Load(MemorySize.DOUBLE, false, dst, base, (short) (offset * 2));
      }
      boolean copies =
          instruction instanceof Instruction.Move(var width, _, Register src)
              && width == Width.W64
              && contexts.contains(src);
      for (Register register : Register.values()) {
        if ((Effects.writes(instruction) & Effects.bit(register)) != 0) {
          if (copies) {
            contexts.add(register);
          } else {
            contexts.remove(register);
          }
        }
      }
      result.add(next);
    }
    return result;
  }
}
