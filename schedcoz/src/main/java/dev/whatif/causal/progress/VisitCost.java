package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.ExecutableCode;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.kernel.EventPlace;
import dev.whatif.ebpf.kernel.KernelLink;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What it costs a thread to pass a progress point, measured on this machine: on instructions of our
 * own, of the same kind, with the same program attached. For the thread that owns the accounting,
 * while no experiment is on.
 */
public final class VisitCost {

  /**
   * How the kernel gets a thread past a probed instruction (arch/x86/kernel/uprobes.c): what it can
   * imitate costs a trap, all else two traps and a copy of the instruction. A measured loop
   * contains the instruction and what undoes it.
   */
  enum Kind {
    NOP("0f1f440000", ""),
    LANDING_PAD("f30f1efa", ""),
    PUSH("50", "58"),
    JUMP("eb00", ""),
    STEPPED("89c0", ""),
    SYSTEM_CALL("", "");

    private final byte[] probed;
    private final byte[] after;

    Kind(String probed, String after) {
      this.probed = HexFormat.of().parseHex(probed);
      this.after = HexFormat.of().parseHex(after);
    }

    /** Of the instruction that begins with these bytes. */
    static Kind of(byte[] code) {
      if (code.length < 4) {
        return STEPPED;
      }
      int first = code[0] & 0xff;
      int second = code[1] & 0xff;
      if (first == 0x90 || first == 0x0f && second == 0x1f || first == 0x66 && second == 0x90) {
        return NOP;
      }
      if (HexFormat.of().formatHex(code, 0, 4).equals("f30f1efa")) {
        return LANDING_PAD;
      }
      if (isPush(first) || first == 0x41 && isPush(second)) {
        return PUSH;
      }
      boolean near = first == 0x0f && (second & 0xf0) == 0x80;
      return near || (first & 0xf0) == 0x70 || first == 0xe8 || first == 0xe9 || first == 0xeb
          ? JUMP
          : STEPPED;
    }

    private static boolean isPush(int opcode) {
      return (opcode & 0xf8) == 0x50;
    }
  }

  private static final int VISITS = 200;
  private static final int ROUNDS = 7;
  private static final int NUMBER_BYTES = 5;

  /** Progress points have smaller numbers. */
  private static final int POINT = ProgressPoints.MOST;

  private final Accounting accounting;
  private final Map<Kind, Long> known = new EnumMap<>(Kind.class);

  /** Nothing is measured yet. */
  public VisitCost(Accounting accounting) {
    this.accounting = accounting;
  }

  /** CPU time of a visit in nanoseconds; of the dearest of its places; 0 when it cannot be told. */
  public long nanos(ProgressPoint point) {
    return point.kinds().stream().mapToLong(this::nanos).max().orElse(0);
  }

  private long nanos(Kind kind) {
    return known.computeIfAbsent(kind, this::measure);
  }

  private long measure(Kind kind) {
    byte[] code = loop(kind);
    Runnable dismissal = accounting.admitSelf();
    accounting.begin(-1, 0, 0);
    try (ExecutableCode loop = ExecutableCode.of(code)) {
      Runnable visits =
          kind == Kind.SYSTEM_CALL
              ? () -> {
                for (int i = 0; i < VISITS; i++) {
                  Unistd.getppid();
                }
              }
              : loop::call;
      long without = shortest(visits);
      try (KernelLink attached = attach(kind, loop)) {
        return Math.max(0, (shortest(visits) - without) / VISITS);
      }
    } catch (LinuxException | WhatifException | UncheckedIOException e) {
      return 0; // no executable memory here; whoever may not probe is told so when it matters
    } finally {
      accounting.end();
      dismissal.run();
    }
  }

  private KernelLink attach(Kind kind, ExecutableCode loop) {
    return kind == Kind.SYSTEM_CALL
        ? accounting
            .object()
            .attach(
                "visit_tracepoint",
                new EventPlace.Tracepoint("syscalls", "sys_enter_getppid"),
                POINT)
        : accounting
            .object()
            .attach(
                "visit_instruction",
                new EventPlace.Uprobe(loop.path(), loop.offset() + NUMBER_BYTES, false, -1, 0),
                POINT);
  }

  private static long shortest(Runnable visits) {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      visits.run();
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return shortest;
  }

  /** {@code mov $VISITS,%ecx; again: PROBED; AFTER; dec %ecx; jnz again; ret}. */
  private static byte[] loop(Kind kind) {
    int body = kind.probed.length + kind.after.length + 4;
    ByteBuffer code = ByteBuffer.allocate(NUMBER_BYTES + body + 1).order(ByteOrder.LITTLE_ENDIAN);
    code.put((byte) 0xb9).putInt(VISITS).put(kind.probed).put(kind.after);
    code.put((byte) 0xff).put((byte) 0xc9).put((byte) 0x75).put((byte) -body).put((byte) 0xc3);
    return code.array();
  }
}
