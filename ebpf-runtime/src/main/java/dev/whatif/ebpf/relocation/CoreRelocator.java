package dev.whatif.ebpf.relocation;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.ProgramDefinition;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits the programs of one object to the types of a target: CO-RE, compile once, run everywhere.
 *
 * <p>The object's types and the target's are compared as libbpf does it (relo_core.c, of which the
 * kernel has a copy): candidates share the essential name and kind of the object's type, fields are
 * found by name, and all candidates that have the field must agree.
 *
 * <p>Programs are relocated in the order of the object: which candidates had the fields of one
 * program narrows them down for the next. One thread.
 */
public final class CoreRelocator {

  private final Types local;
  private final String targetName;
  private final Candidates candidates;

  /**
   * A relocator of one object.
   *
   * @param local the object's own types
   * @param target the kernel's, or those of any other file; of a split BTF, its base is searched
   *     first
   */
  public CoreRelocator(Btf local, Btf target) {
    this(local, target, List.of());
  }

  /**
   * A relocator of one object that may name types of kernel modules.
   *
   * @param modules split BTFs, searched for what {@code target} does not have
   */
  public CoreRelocator(Btf local, Btf target, List<Btf> modules) {
    this.local = new Types(local);
    this.targetName = target.origin();
    this.candidates = new Candidates(target, modules);
  }

  /**
   * Relocates a program of the object.
   *
   * @throws BadDataException when a record does not fit the object's own types or code
   * @throws UnavailableException when the target's types are ambiguous or cannot be expressed in
   *     the instruction
   */
  public RelocatedProgram relocate(ProgramDefinition program) {
    return relocate(program.name(), program.code(), program.relocations());
  }

  /**
   * Relocates instructions.
   *
   * @param program its name, for errors
   * @param code its instructions; not changed
   * @param relocations its records; offsets count from its beginning
   * @throws BadDataException when a record does not fit the object's own types or code
   * @throws UnavailableException when the target's types are ambiguous or cannot be expressed in
   *     the instruction
   */
  public RelocatedProgram relocate(String program, byte[] code, List<CoreRelocation> relocations) {
    byte[] relocated = code.clone();
    List<RelocationResult> results = new ArrayList<>(relocations.size());
    for (CoreRelocation relocation : relocations) {
      results.add(relocate(program, relocated, relocation));
    }
    return new RelocatedProgram(relocated, List.copyOf(results));
  }

  private RelocationResult relocate(String program, byte[] code, CoreRelocation relocation) {
    int offset = relocation.instructionOffset();
    if (offset < 0 || offset % Slot.BYTES != 0 || offset > code.length - Slot.BYTES) {
      throw new BadDataException(
          "%s: program %s has a relocation at byte %d of %d"
              .formatted(local.btf().origin(), program, offset, code.length));
    }
    int slot = offset / Slot.BYTES;
    Question question = Question.of(local, relocation);
    Answer answer = question.ask(candidates);
    Explanation explanation = new Explanation(question, targetName);
    InstructionPatch patch = new InstructionPatch(code, slot);
    InstructionPatch.Outcome outcome = answer.missing() ? patch.poison() : patch.write(answer);
    return switch (outcome) {
      case InstructionPatch.Outcome.Done done ->
          new RelocationResult.Patched(
              relocation,
              done.before(),
              done.after(),
              explanation.patched(done.before(), done.after()));
      case InstructionPatch.Outcome.Poisoned poisoned ->
          new RelocationResult.Poisoned(
              relocation,
              answer.missing() ? explanation.missing() : explanation.wrongWidth(answer));
      case InstructionPatch.Outcome.Refused refused -> {
        String message =
            "%s: program %s, instruction %d asks about %s and %s"
                .formatted(
                    local.btf().origin(), program, slot, question.path().label(), refused.why());
        throw switch (refused.reason()) {
          case OBJECT -> new BadDataException(message);
          case TARGET -> new UnavailableException(message + " (" + targetName + ")");
        };
      }
    };
  }
}
