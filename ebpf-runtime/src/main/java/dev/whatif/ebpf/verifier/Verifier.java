package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.object.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a program does no harm, or says what stands against it. Nothing is kept between
 * programs; any thread.
 *
 * <p>A verification follows at most a million instructions, as in the kernel, and so ends in about
 * a second whatever the program is; it uses some hundred bytes for each.
 */
public final class Verifier {

  private Verifier() {}

  /**
   * Verifies a program.
   *
   * @throws ProgramRefusal when it may touch what is not its own, or may not end; or when it uses
   *     what whatif does not have
   */
  public static VerifiedProgram verify(Program program, RuleSet rules) {
    requireType(program, rules);
    Verification verification = new Verification(program, rules);
    Exploration exploration = null;
    try {
      if (program.code().instructions().isEmpty()) {
        throw new Fault("the program has no instructions", "compile it with -O2 -target bpf");
      }
      ControlFlow flow =
          ControlFlow.of(program.code(), verification.functions, rules == RuleSet.KERNEL);
      exploration = new Exploration(verification, flow);
      exploration.run();
      requireEngines(program);
      if (rules == RuleSet.KERNEL) {
        verification.functions.requireStack();
      }
    } catch (ControlFlow.PlacedFault e) {
      throw ProgramRefusal.of(
          program, e.index, null, new Fault(String.valueOf(e.getMessage()), e.remedy));
    } catch (Fault e) {
      throw refusal(program, exploration, e);
    }
    return new VerifiedProgram(program, rules, Code.of(verification.rewritten));
  }

  /** Engines know nothing of which instructions are never reached: they must know all. */
  private static void requireEngines(Program program) {
    for (int i = 0; i < program.code().instructions().size(); i++) {
      Instruction instruction = program.code().instructions().get(i);
      if (instruction instanceof Instruction.LoadPacketAbsolute
          || instruction instanceof Instruction.LoadPacketIndirect
          || instruction instanceof Instruction.CallKernel) {
        throw ProgramRefusal.of(
            program,
            i,
            null,
            new Fault(
                "is an instruction that only the kernel has, though it is never reached",
                "leave it out"));
      }
    }
  }

  private static ProgramRefusal refusal(
      Program program, @Nullable Exploration exploration, Fault fault) {
    return exploration == null
        ? ProgramRefusal.of(program, 0, null, fault)
        : ProgramRefusal.of(
            program, Math.max(exploration.index(), 0), exploration.state().frame(), fault);
  }

  private static void requireType(Program program, RuleSet rules) {
    boolean known =
        switch (program.type()) {
          case UNSPEC -> true;
          case KPROBE, TRACEPOINT, RAW_TRACEPOINT, PERF_EVENT -> rules == RuleSet.KERNEL;
          case XDP, SOCKET_FILTER, SCHED_CLS, SYSCALL -> rules == RuleSet.KERNEL;
          default -> false;
        };
    if (!known) {
      throw ProgramRefusal.of(
          program,
          0,
          null,
          new Fault(
              "programs of type %s are not for user space%s"
                  .formatted(
                      program.type(),
                      rules == RuleSet.RFC9669 && program.type() != ProgramType.UNSPEC
                          ? " by the rules of RFC 9669, which know plain memory only"
                          : ""),
              "attach it in the kernel"));
    }
  }
}
