package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.Stopped;
import dev.whatif.core.process.Tracer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A live process that we are in: with memory that both share, and the ability to let it make system
 * calls. There is one per target, and it owns the target's {@link Tracer}.
 *
 * <p>Whenever this process dies, by whatever cause and at whatever instant, the target goes on as
 * if nothing had happened; see {@link RestoringStub}. What stays behind then (unreachable memory, a
 * handler for a signal that nobody sends, at worst two descriptors) is found and removed at the
 * next entry.
 *
 * <p>Thread-safe. Every method that changes the target stops it for well under a millisecond of its
 * own work, and {@link TargetLostException} says that it has ended or executed another program.
 */
public final class Injector implements AutoCloseable {

  /** How long a moment is waited for in which some thread can be used. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private static final long PAUSE_NANOS = 1_000_000;

  private final int pid;
  private final EntryLock lock;
  private final Tracer tracer;
  private final int pidfd;
  private final ProgramIdentity identity;
  private final Slack slack;
  private final List<InstalledHandler> handlers = new ArrayList<>();
  private final List<TargetMap> maps = new ArrayList<>();
  private @Nullable CodeSpace codeSpace;
  private Duration entryStop = Duration.ZERO;
  private boolean closed;

  private Injector(int pid, EntryLock lock, Tracer tracer, int pidfd, Slack slack) {
    this.pid = pid;
    this.lock = lock;
    this.tracer = tracer;
    this.pidfd = pidfd;
    this.slack = slack;
    this.identity = ProgramIdentity.of(pid);
  }

  /** Enters with {@link EntryOptions#DEFAULT}. */
  public static Injector enter(int pid) {
    return enter(pid, EntryOptions.DEFAULT);
  }

  /**
   * Enters a process: removes what a killed controller has left there, then makes the first shared
   * memory and installs the handler of the options, all in one stop.
   *
   * @throws UnavailableException when it cannot be entered without harm: says why, and what would
   *     help; the target is as it was
   * @throws TargetLostException when it ends meanwhile
   */
  public static Injector enter(int pid, EntryOptions options) {
    Tracer tracer = Tracer.of(pid);
    try {
      EntryRefusal.check(pid);
      EntryRehearsal.once();
      return enter(pid, options, tracer);
    } catch (RuntimeException e) {
      tracer.close();
      throw e;
    }
  }

  /** Without a rehearsal: for the rehearsal itself. */
  static Injector enter(int pid, EntryOptions options, Tracer tracer) {
    try {
      return enter(pid, options, tracer, Slack.find(pid, ProcMaps.read(pid)));
    } catch (IOException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
  }

  /** Through other bytes than the best. */
  static Injector enter(int pid, EntryOptions options, Tracer tracer, Slack slack) {
    EntryLock lock = EntryLock.take(pid);
    try {
      int pidfd = Pidfd.open(pid);
      try {
        Injector injector = new Injector(pid, lock, tracer, pidfd, slack);
        injector.enter(options);
        return injector;
      } catch (RuntimeException e) {
        Unistd.close(pidfd);
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      throw lostOr(pid, e);
    }
  }

  /**
   * Whether a process has anything of ours: it is entered, or its controller was killed, or it was
   * forked from such a process. Entering it and leaving again removes that.
   *
   * @throws TargetLostException when it has ended
   */
  public static boolean hasTraces(int pid) {
    return Departure.isNeeded(pid);
  }

  private void enter(EntryOptions options) {
    Departure departure = new Departure(this, pid);
    if (departure.isNeeded()) {
      departure.leave();
    }
    long near = options.near().orElseGet(() -> CodeSpace.home(pid));
    RegionEntry entry =
        RegionEntry.near(pid, pidfd, near, options.codeBytes(), options.dataBytes());
    List<Integer> signals = options.handler().isPresent() ? FreeSignal.candidates(pid) : List.of();
    CodeRegion first =
        call((stopped, calls) -> {
          CodeRegion region = entry.map(calls);
          options
              .handler()
              .ifPresent(code ->
                  handlers.add(InstalledHandler.install(this, calls, region, code, signals)));
          return region;
        });
    entryStop = tracer.lastStop();
    codeSpace = new CodeSpace(this, first, options);
  }

  /** The process. */
  public int pid() {
    return pid;
  }

  /**
   * How long entering has stopped the target, from the first thread's stop to the last's release.
   */
  public Duration entryStop() {
    return entryStop;
  }

  /** How long the last stop took that this has caused. */
  public Duration lastStop() {
    return tracer.lastStop();
  }

  /** The memory shared with the target. */
  public CodeSpace codeSpace() {
    CodeSpace space = codeSpace;
    if (space == null) {
      throw new IllegalStateException("not entered yet");
    }
    return space;
  }

  /**
   * Lets the target make system calls, in one stop and in this order, whatever each returns.
   *
   * @return the results; -4095 to -1 are errors
   * @throws UnavailableException when a seccomp filter would refuse one of them: none is made
   */
  public long[] syscalls(RemoteCall... remote) {
    return call((stopped, calls) -> {
      for (RemoteCall c : remote) {
        calls.require(c);
      }
      long[] results = new long[remote.length];
      for (int i = 0; i < remote.length; i++) {
        results[i] = calls.call(remote[i]);
      }
      return results;
    });
  }

  /**
   * Gives the target a kernel BPF array map (created with BPF_F_MMAPABLE) as memory that it can
   * read and write; its descriptor does not stay there.
   *
   * @param mapFd the map, here
   * @param size bytes to map, from its first element on; a multiple of the page
   */
  public TargetMap passMap(int mapFd, long size) {
    CodeRegion region = codeSpace().first();
    TargetMap map = new MapPassage(this, pid, pidfd, region).pass(mapFd, size);
    synchronized (maps) {
      maps.add(map);
    }
    return map;
  }

  /**
   * Installs a signal handler for a real-time signal that nobody uses.
   *
   * @throws UnavailableException when no such signal is free
   */
  public InstalledHandler install(SignalHandlerCode code) {
    List<Integer> signals = FreeSignal.candidates(pid);
    CodeRegion region = codeSpace().first();
    InstalledHandler handler =
        call((stopped, calls) -> InstalledHandler.install(this, calls, region, code, signals));
    synchronized (handlers) {
      handlers.add(handler);
    }
    return handler;
  }

  /** The handlers that were installed and not closed. */
  public List<InstalledHandler> handlers() {
    synchronized (handlers) {
      return handlers.stream().filter(InstalledHandler::isInstalled).toList();
    }
  }

  int pidfd() {
    return pidfd;
  }

  /** What to do with the target's own hands. */
  @FunctionalInterface
  interface Work<T> {
    T with(Stopped stopped, RemoteCalls calls);
  }

  /** Work that may find that the moment is wrong: empty lets everybody go, to be tried again. */
  @FunctionalInterface
  interface Attempt<T> {
    Optional<T> with(Stopped stopped, RemoteCalls calls);
  }

  /** Does it in a stop, as soon as some thread can be used. */
  <T> T call(Work<T> work) {
    return attempt(LONGEST_WAIT, (s, c) -> Optional.of(work.with(s, c)))
        .orElseThrow(() ->
            new UnavailableException(
                "no thread of process %d could be used for a system call within %d s"
                    .formatted(pid, LONGEST_WAIT.toSeconds()),
                "try again when it is less busy"));
  }

  /** Tries until it succeeds or so much time has passed. */
  <T> Optional<T> attempt(Duration limit, Attempt<T> work) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> result = once(work);
      if (result.isPresent() || System.nanoTime() > deadline) {
        return result;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private <T> Optional<T> once(Attempt<T> work) {
    try {
      return tracer.stopAll(stopped -> {
        identity.require();
        Optional<RemoteCalls> begun = RemoteCalls.begin(stopped, slack, RegionLayout.name(pid));
        if (begun.isEmpty()) {
          return Optional.empty();
        }
        try (RemoteCalls calls = begun.get()) {
          return work.with(stopped, calls);
        }
      });
    } catch (RemoteCallException e) {
      throw EntryRefusal.of(pid, e);
    } catch (LinuxException e) {
      throw lostOr(pid, e);
    }
  }

  private static RuntimeException lostOr(int pid, RuntimeException e) {
    return e instanceof LinuxException l && l.is(Errno.ESRCH)
        ? new TargetLostException("process " + pid + " has ended", null, e)
        : e;
  }

  /**
   * Leaves: handlers, maps, memory and descriptors are gone afterwards, and the target's signal
   * actions are what they were. Whoever sends signals to a handler stops doing so first.
   *
   * @throws UnavailableException when a thread has stayed in our code for 5 s: the memory stays,
   *     unreachable for others, and the next entry removes it
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      handlers().forEach(InstalledHandler::close);
      new Departure(this, pid).leave();
    } catch (TargetLostException e) {
      // it has ended or executed another program: nothing of ours is there any more
    } finally {
      letGo();
    }
  }

  /** Ends what is on this side; the target keeps what it has, as when this process is killed. */
  synchronized void letGo() {
    closed = true;
    CodeSpace space = codeSpace;
    if (space != null) {
      space.unmapHere();
    }
    Unistd.close(pidfd);
    tracer.close();
    lock.close();
  }
}
