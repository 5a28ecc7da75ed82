package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.core.process.TaskStatus;
import dev.whatif.core.x86.Emitter;
import dev.whatif.core.x86.Register;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A signal handler of ours in the target, for a real-time signal that the target does not use.
 *
 * <p>It runs on the alternate stack where the thread has one (SA_ONSTACK), interrupts no call for
 * good (SA_RESTART; but see signal(7): some calls give EINTR after any handler), and is not
 * interrupted itself. Thread-safe.
 */
public final class InstalledHandler implements AutoCloseable {

  private static final Duration LONGEST_HANDLER = Duration.ofSeconds(5);

  private final Injector injector;
  private final CodeRegion region;
  private final int signal;
  private final long codeOffset;
  private final int codeBytes;
  private final long dataOffset;
  private final long dataBytes;
  private final SignalAction before;
  private boolean installed = true;

  private InstalledHandler(
      Injector injector,
      CodeRegion region,
      int signal,
      long codeOffset,
      int codeBytes,
      long dataOffset,
      long dataBytes,
      SignalAction before) {
    this.injector = injector;
    this.region = region;
    this.signal = signal;
    this.codeOffset = codeOffset;
    this.codeBytes = codeBytes;
    this.dataOffset = dataOffset;
    this.dataBytes = dataBytes;
    this.before = before;
  }

  /** Installs it in a stop, for the first of these signals that is really free. */
  static InstalledHandler install(
      Injector injector,
      RemoteCalls calls,
      CodeRegion region,
      SignalHandlerCode body,
      List<Integer> signals) {
    Arguments arguments = Arguments.of(region);
    long dataBytes = body.dataBytes();
    long data = region.allocateData(dataBytes);
    int size = emit(body, region.codeAddress(), region.dataAddress() + data).bytes().length;
    long at = region.allocateCode(size);
    Emitter code = emit(body, region.codeAddress() + at, region.dataAddress() + data);
    region.code().asSlice(at, size).copyFrom(MemorySegment.ofArray(code.bytes()));
    long restorer = region.codeAddress() + at + size - RESTORER_BYTES;
    SignalAction ours = SignalAction.of(region.codeAddress() + at, restorer);
    for (int signal : signals) {
      note(region, signal, true);
      SignalAction before = ours.exchange(calls, arguments, signal);
      if (before.handler() == SignalAction.DEFAULT.handler()) {
        return new InstalledHandler(injector, region, signal, at, size, data, dataBytes, before);
      }
      before.exchange(calls, arguments, signal); // taken since we looked
      note(region, signal, false);
    }
    throw new UnavailableException(
        "process %d uses every real-time signal itself".formatted(injector.pid()),
        "profile it without signals (whatif record)");
  }

  private static final int RESTORER_BYTES = 12;

  /** The body and, behind it, where it returns to: rt_sigreturn, which never comes back. */
  private static Emitter emit(SignalHandlerCode body, long address, long data) {
    Emitter e = new Emitter(address);
    body.emit(e, data);
    e.align(16);
    long restorer = e.address();
    e.move(Register.RAX, SystemCalls.RT_SIGRETURN).syscall();
    while (e.address() < restorer + RESTORER_BYTES) {
      e.data(new byte[] {(byte) 0xcc});
    }
    return e;
  }

  /** Which signals are ours, for a later controller. */
  private static void note(CodeRegion region, int signal, boolean ours) {
    MemorySegment data = region.data();
    long set = data.get(ValueLayout.JAVA_LONG, RegionLayout.SIGNALS_OFFSET);
    long bit = 1L << signal - 1;
    data.set(ValueLayout.JAVA_LONG, RegionLayout.SIGNALS_OFFSET, ours ? set | bit : set & ~bit);
  }

  /** The number to send; it may be sent to a process or to a thread. */
  public int signal() {
    return signal;
  }

  /** Where the handler begins in the target: whoever sends checks that it still is the action. */
  public long address() {
    return region.codeAddress() + codeOffset;
  }

  /** Its shared data, as they are seen here. */
  public MemorySegment data() {
    return region.data().asSlice(dataOffset, dataBytes);
  }

  /** Its shared data in the target. */
  public long dataAddress() {
    return region.dataAddress() + dataOffset;
  }

  /** The threads that block the signal at this moment: it reaches them only later, if at all. */
  public List<Integer> blockedBy() {
    return ProcTasks.threads(injector.pid()).stream()
        .filter(tid ->
            TaskStatus.of(injector.pid(), tid)
                .filter(s -> FreeSignal.contains(FreeSignal.signals(s, "SigBlk"), signal))
                .isPresent())
        .toList();
  }

  synchronized boolean isInstalled() {
    return installed;
  }

  /**
   * Removes it, unless the target has taken the signal for itself meanwhile, which keeps it: the
   * signal is ignored first, which also throws pending ones away, then threads are let out of the
   * handler, then the action is what it was. Who sends the signal stops before; one sent later does
   * what the target's own action says, which is to end it.
   *
   * @throws UnavailableException when a thread stays in the handler for 5 s; it can be closed again
   */
  @Override
  public synchronized void close() {
    if (!installed) {
      return;
    }
    try {
      Arguments arguments = Arguments.of(region);
      boolean[] ignored = new boolean[1];
      Optional<Boolean> out =
          injector.attempt(
              LONGEST_HANDLER,
              (stopped, calls) -> {
                if (SignalAction.query(calls, arguments, signal).handler() == address()) {
                  SignalAction.IGNORE.exchange(calls, arguments, signal);
                  ignored[0] = true;
                }
                if (calls.isAnyThreadIn(address(), codeBytes)) {
                  return Optional.empty();
                }
                long now = SignalAction.query(calls, arguments, signal).handler();
                if (ignored[0] && now == SignalAction.IGNORE.handler()) {
                  before.exchange(calls, arguments, signal);
                }
                note(region, signal, false);
                return Optional.of(true);
              });
      if (out.isEmpty()) {
        throw new UnavailableException(
            "a thread of process %d stays in the handler of signal %d"
                .formatted(injector.pid(), signal),
            "let it return, then close again; the signal is ignored until then");
      }
    } catch (TargetLostException e) {
      // gone, and its handlers with it
    }
    installed = false;
    region.releaseCode(codeOffset, codeBytes);
    region.releaseData(dataOffset, dataBytes);
  }
}
