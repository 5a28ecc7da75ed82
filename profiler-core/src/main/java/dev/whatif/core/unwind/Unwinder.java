package dev.whatif.core.unwind;

import static dev.whatif.core.unwind.UnwindTableLayout.*;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames of a stack from registers and stack bytes.
 *
 * <p>Each frame's rule comes from the {@link UnwindTable} of the code it executes; all registers
 * that a callee may have saved are followed, because any of them may be a frame's base (the dynamic
 * linker's resolver uses rbx, realigned stacks r10). A return address is looked up at the call
 * before it, the leaf and a frame that a signal interrupted at the instruction itself. Where there
 * is no rule, {@link FrameGuess} tries the frame pointer, then the return address on top of the
 * stack.
 *
 * <p>Not safe for use by several threads; no allocation once the tables are built.
 */
public final class Unwinder implements AutoCloseable {

  private static final int SLOT_BITS = 9;
  private static final int RECENT_BITS = 12;
  private static final MappedCode NOTHING =
      new MappedCode(new Mapping(0, 0, 0, "", "", 0, false), null, 0);

  private final UnwindTables tables;
  private final FrameGuess guess = new FrameGuess();
  private final ExpressionMachine expressions = new ExpressionMachine();
  private final MappedCode[] slots = new MappedCode[1 << SLOT_BITS];
  private final long[] recentAddresses = new long[1 << RECENT_BITS];
  private final @Nullable UnwindTable[] recentTables = new UnwindTable[1 << RECENT_BITS];
  private final int[] recentRules = new int[1 << RECENT_BITS];
  private final long[] word = new long[1];
  private Registers current = new Registers();
  private Registers next = new Registers();
  private int generation = -1;
  private long bias;
  private long cfa;
  private boolean interrupted;
  private boolean guessed;

  /** An unwinder that takes its tables from there. */
  public Unwinder(UnwindTables tables) {
    this.tables = tables;
  }

  /**
   * Unwinds one stack.
   *
   * @param space what the process has mapped for execution
   * @param registers of the thread; rip and rsp must be known
   * @param stack the thread's memory from rsp upward, as far as it was captured
   * @param out cleared, then filled from the leaf on
   */
  public void unwind(AddressSpace space, Registers registers, StackMemory stack, StackFrames out) {
    out.clear();
    if (generation != tables.generation()) {
      generation = tables.generation();
      java.util.Arrays.fill(slots, NOTHING);
      java.util.Arrays.fill(recentTables, null);
    }
    current.copyFrom(registers);
    interrupted = true;
    guessed = false;
    if (!current.isKnown(Registers.RIP) || !current.isKnown(Registers.RSP)) {
      out.end(UnwindEnd.REGISTER_LOST);
      return;
    }
    UnwindEnd end = null;
    while (end == null) {
      if (!out.add(current.get(Registers.RIP), interrupted, guessed)) {
        end = UnwindEnd.TOO_DEEP;
      } else {
        end = step(space, stack, out);
      }
    }
    out.end(end);
  }

  @Override
  public void close() {
    guess.close();
  }

  /** Goes to the caller's frame; says why when there is none. */
  private @Nullable UnwindEnd step(AddressSpace space, StackMemory stack, StackFrames out) {
    long pc = current.get(Registers.RIP);
    boolean exact = interrupted;
    long place = exact ? pc : pc - 1;
    Mapping mapping = space.find(place);
    MappedCode code = mapping == null ? null : code(space, mapping);
    UnwindTable table = code == null ? null : code.table();
    if (code != null && table != null) {
      int rule = rule(table, place + code.bias());
      if (rule != NO_RULE) {
        bias = -code.bias();
        guessed = false;
        return apply(space, table, rule, stack, out);
      }
      if (!exact && rule(table, pc + code.bias()) != NO_RULE) {
        return pushed(space, code, table, stack, out);
      }
    }
    UnwindEnd end = guess.step(space, mapping != null, current, next, exact, stack);
    if (end != null) {
      return end;
    }
    interrupted = guess.foundSignalFrame();
    if (interrupted) {
      out.markSignalTrampoline();
    }
    guessed = !interrupted;
    swap();
    return null;
  }

  /**
   * A return address before which nothing is described is the first of its function: no call has
   * left it there, somebody who made this stack by hand has pushed it (glibc's makecontext:
   * __start_context). Nobody is required to have a caller there.
   */
  private @Nullable UnwindEnd pushed(
      AddressSpace space, MappedCode code, UnwindTable table, StackMemory stack, StackFrames out) {
    bias = -code.bias();
    guessed = false;
    int rule = rule(table, current.get(Registers.RIP) + code.bias());
    UnwindEnd end = apply(space, table, rule, stack, out);
    return end == UnwindEnd.DAMAGED ? UnwindEnd.BOTTOM : end;
  }

  /** Samples meet the same call sites again and again: most searches are saved. */
  private int rule(UnwindTable table, long address) {
    int slot = (int) ((address * 0x9e3779b97f4a7c15L) >>> (64 - RECENT_BITS));
    if (recentAddresses[slot] == address && recentTables[slot] == table) {
      return recentRules[slot];
    }
    int rule = table.find(address);
    recentAddresses[slot] = address;
    recentTables[slot] = table;
    recentRules[slot] = rule;
    return rule;
  }

  @SuppressWarnings(
      "ReferenceEquality") // A mapping is immutable: the same one shows the same file.
  private MappedCode code(AddressSpace space, Mapping mapping) {
    int slot = ((int) (mapping.start() >>> 12) * 0x9e3779b9) >>> (32 - SLOT_BITS);
    MappedCode known = slots[slot];
    if (known == null || known.mapping() != mapping) {
      known = tables.code(space.pid(), mapping);
      slots[slot] = known;
    }
    return known;
  }

  private @Nullable UnwindEnd apply(
      AddressSpace space, UnwindTable table, int rule, StackMemory stack, StackFrames out) {
    int flags = table.flags(rule);
    boolean signal = (flags & FLAG_SIGNAL_FRAME) != 0;
    if (signal) {
      out.markSignalTrampoline();
    }
    if ((flags & FLAG_OUTERMOST) != 0) {
      return UnwindEnd.BOTTOM;
    }
    UnwindEnd end = computeCfa(table, rule, stack);
    if (end != null) {
      return end;
    }
    next.copyFrom(current);
    next.set(Registers.RSP, cfa);
    long kinds = table.kinds(rule);
    if ((kinds & 0xff) == SAME) {
      return UnwindEnd.DAMAGED;
    }
    for (int place = 0; kinds != 0; place++, kinds >>>= 8) {
      int kind = (int) kinds & 0xff;
      if (kind != SAME) {
        end = restore(table, registerAt(place), kind, table.value(rule, place), stack);
        if (end != null && place == 0) {
          return end;
        }
      }
    }
    int more = table.moreCount(rule);
    for (int i = 0; i < more; i++) {
      restore(
          table,
          table.moreRegister(rule, i),
          table.moreKind(rule, i),
          table.moreValue(rule, i),
          stack);
    }
    return accept(space, signal);
  }

  /** Checks the caller's frame and makes it the current one. */
  private @Nullable UnwindEnd accept(AddressSpace space, boolean signal) {
    if (!next.isKnown(Registers.RSP)) {
      return UnwindEnd.REGISTER_LOST;
    }
    long returnAddress = next.get(Registers.RIP);
    if (!signal) {
      if (returnAddress == 0) {
        return UnwindEnd.BOTTOM;
      }
      // Stacks grow down: a caller's frame lies higher. A signal handler may have its own stack.
      int order = Long.compareUnsigned(next.get(Registers.RSP), current.get(Registers.RSP));
      if (order < 0 || (order == 0 && !interrupted)) {
        return UnwindEnd.DAMAGED;
      }
      if (space.find(returnAddress - 1) == null) {
        return UnwindEnd.DAMAGED;
      }
    }
    interrupted = signal;
    swap();
    return null;
  }

  private void swap() {
    Registers t = current;
    current = next;
    next = t;
  }

  private @Nullable UnwindEnd computeCfa(UnwindTable table, int rule, StackMemory stack) {
    int kind = table.cfaKind(rule);
    if (kind == CFA_NONE) {
      return UnwindEnd.DAMAGED;
    }
    if (kind == CFA_EXPRESSION) {
      ExpressionMachine.Outcome outcome =
          expressions.run(table, table.cfaValue(rule), false, 0, bias, current, stack);
      if (outcome != ExpressionMachine.Outcome.DONE) {
        return endOf(outcome);
      }
      cfa = expressions.result();
      return null;
    }
    int register = table.cfaRegister(rule);
    if (!current.isKnown(register)) {
      return UnwindEnd.REGISTER_LOST;
    }
    cfa = current.get(register) + table.cfaValue(rule);
    if (kind == CFA_MEMORY) {
      if (!stack.read(cfa, word, 0)) {
        return UnwindEnd.STACK_NOT_CAPTURED;
      }
      cfa = word[0] + table.cfaSecond(rule);
    } else if (kind == CFA_PLT) {
      cfa += (current.get(Registers.RIP) & 15) >= table.cfaSecond(rule) ? Long.BYTES : 0;
    }
    return null;
  }

  /** Sets a register of the caller; one that cannot be found is forgotten. */
  private @Nullable UnwindEnd restore(
      UnwindTable table, int register, int kind, int value, StackMemory stack) {
    switch (kind) {
      case UNDEFINED -> {
        next.forget(register);
        return UnwindEnd.REGISTER_LOST;
      }
      case IS_CFA -> next.set(register, cfa + value);
      case IN_REGISTER -> {
        if (!current.isKnown(value)) {
          next.forget(register);
          return UnwindEnd.REGISTER_LOST;
        }
        next.set(register, current.get(value));
      }
      case AT_CFA -> {
        return load(register, cfa + value, stack);
      }
      case AT_REGISTER -> {
        int baseRegister = value & 0xff;
        if (!current.isKnown(baseRegister)) {
          next.forget(register);
          return UnwindEnd.REGISTER_LOST;
        }
        return load(register, current.get(baseRegister) + (value >> 8), stack);
      }
      case AT_EXPRESSION, IS_EXPRESSION -> {
        ExpressionMachine.Outcome outcome =
            expressions.run(table, value, true, cfa, bias, current, stack);
        if (outcome != ExpressionMachine.Outcome.DONE) {
          next.forget(register);
          return endOf(outcome);
        }
        if (kind == AT_EXPRESSION) {
          return load(register, expressions.result(), stack);
        }
        next.set(register, expressions.result());
      }
      default -> {
        // SAME
      }
    }
    return null;
  }

  private @Nullable UnwindEnd load(int register, long address, StackMemory stack) {
    if (stack.read(address, word, 0)) {
      next.set(register, word[0]);
      return null;
    }
    boolean popped = Long.compareUnsigned(address, current.get(Registers.RSP)) < 0;
    if (popped && register != Registers.RIP) {
      // Compilers do not describe each pop of an epilogue: a slot that lies below rsp by now, where
      // no capture begins, has been put back into its register.
      return null;
    }
    next.forget(register);
    return UnwindEnd.STACK_NOT_CAPTURED;
  }

  private static UnwindEnd endOf(ExpressionMachine.Outcome outcome) {
    return switch (outcome) {
      case NOT_CAPTURED -> UnwindEnd.STACK_NOT_CAPTURED;
      case REGISTER_LOST -> UnwindEnd.REGISTER_LOST;
      case DONE, DAMAGED -> UnwindEnd.DAMAGED;
    };
  }
}
