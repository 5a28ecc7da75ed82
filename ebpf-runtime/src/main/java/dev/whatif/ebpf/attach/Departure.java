package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.Stopped;
import dev.whatif.core.process.TaskStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Taking everything of ours out of a target: when we leave, and before we enter where a controller
 * was killed. Both are the same, because everything is found in the target itself: descriptors and
 * mappings by the name of the file, the rest in the header of the data.
 *
 * <p>The header could have been overwritten by the target. So a signal's action is reset only if
 * its handler lies in our code or it is ignored, a map is unmapped only where {@code
 * /proc/PID/maps} shows a BPF map of just that place, a descriptor is closed only if it is a socket
 * of the noted inode.
 */
final class Departure {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final Injector injector;
  private final int pid;
  private long silenced;

  Departure(Injector injector, int pid) {
    this.injector = injector;
    this.pid = pid;
  }

  /** Whether there is anything of ours. */
  boolean isNeeded() {
    return isNeeded(pid);
  }

  /** Whether there is anything of ours in a process. */
  static boolean isNeeded(int pid) {
    return !ours(pid).isEmpty() || !OpenFiles.on(pid, RegionLayout::isPath).isEmpty();
  }

  private static List<Mapping> ours(int pid) {
    return mappings(pid).stream().filter(m -> RegionLayout.isPath(m.path())).toList();
  }

  private static List<Mapping> mappings(int pid) {
    try {
      return ProcMaps.read(pid);
    } catch (IOException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
  }

  /**
   * Removes it.
   *
   * @throws UnavailableException when a thread stays in our code
   */
  void leave() {
    Optional<Boolean> out = injector.attempt(LONGEST_WAIT, this::leave);
    if (out.isEmpty()) {
      throw new UnavailableException(
          "a thread of process %d stays in code of whatif; its memory was left there"
              .formatted(pid),
          "attach again when it has come out: that removes it");
    }
  }

  private Optional<Boolean> leave(Stopped stopped, RemoteCalls calls) {
    for (int fd : OpenFiles.on(pid, RegionLayout::isPath)) {
      calls.must(RemoteCall.close(fd));
    }
    List<Mapping> areas = ours(pid);
    List<Mapping> data =
        areas.stream().filter(m -> !m.executable() && isData(stopped, m.start())).toList();
    data.forEach(d -> silence(stopped, calls, areas, d));
    if (areas.stream().anyMatch(a -> calls.isAnyThreadIn(a.start(), a.end() - a.start()))) {
      return Optional.empty();
    }
    for (Mapping d : data) {
      restoreSignals(stopped, calls, areas, d);
      if (isOwn(d)) {
        closeSockets(stopped, calls, d.start());
      }
      unmapPassed(stopped, calls, d.start());
    }
    // The data last: killed in between, the next controller still finds what is noted there.
    areas.stream().filter(Mapping::executable).forEach(m -> unmap(calls, m));
    areas.stream().filter(m -> !m.executable()).forEach(m -> unmap(calls, m));
    return Optional.of(true);
  }

  private static void unmap(RemoteCalls calls, Mapping m) {
    calls.must(RemoteCall.unmap(m.start(), m.end() - m.start()));
  }

  private static ByteBuffer read(Stopped stopped, long address, int bytes) {
    byte[] memory = new byte[bytes];
    stopped.read(address, memory);
    return ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean isData(Stopped stopped, long address) {
    return read(stopped, address, Long.BYTES).getLong() == RegionLayout.MAGIC;
  }

  /** A child has its parent's. */
  private boolean isOwn(Mapping data) {
    return data.path().equals(RegionLayout.path(pid));
  }

  private Arguments arguments(Stopped stopped, Mapping data) {
    return isOwn(data)
        ? Arguments.of(stopped, data.start())
        : Arguments.inherited(stopped, data.start());
  }

  /** Nothing of ours is called any more, and what is pending is thrown away. */
  private void silence(Stopped stopped, RemoteCalls calls, List<Mapping> areas, Mapping data) {
    Arguments arguments = arguments(stopped, data);
    long candidates = signals(stopped, data);
    for (int signal = 1; signal <= Long.SIZE; signal++) {
      if (FreeSignal.contains(candidates, signal)
          && isOurs(SignalAction.query(calls, arguments, signal), areas)) {
        SignalAction.IGNORE.exchange(calls, arguments, signal);
        silenced |= 1L << signal - 1;
      }
    }
  }

  private void restoreSignals(
      Stopped stopped, RemoteCalls calls, List<Mapping> areas, Mapping data) {
    Arguments arguments = arguments(stopped, data);
    long candidates = signals(stopped, data) | silenced;
    for (int signal = 1; signal <= Long.SIZE; signal++) {
      if (FreeSignal.contains(candidates, signal)) {
        SignalAction now = SignalAction.query(calls, arguments, signal);
        if (isOurs(now, areas) || now.handler() == SignalAction.IGNORE.handler()) {
          SignalAction.DEFAULT.exchange(calls, arguments, signal);
        }
      }
    }
  }

  /**
   * Those that may be ours. A child's data are its parent's: what is noted there ends with the
   * parent's entry, so that the child itself is asked.
   */
  private long signals(Stopped stopped, Mapping data) {
    long realTime = -1L << FreeSignal.LOWEST - 1;
    long noted =
        isOwn(data)
            ? read(stopped, data.start() + RegionLayout.SIGNALS_OFFSET, Long.BYTES).getLong()
            : TaskStatus.of(pid, pid).map(s -> FreeSignal.signals(s, "SigCgt")).orElse(0L);
    return noted & realTime;
  }

  private static boolean isOurs(SignalAction action, List<Mapping> areas) {
    return areas.stream().anyMatch(a -> a.executable() && a.contains(action.handler()));
  }

  private void closeSockets(Stopped stopped, RemoteCalls calls, long data) {
    ByteBuffer header = read(stopped, data, RegionLayout.PASSED_OFFSET);
    int[] fds = new int[2];
    long[] inodes = new long[2];
    long[] noted = new long[2];
    for (int i = 0; i < 2; i++) {
      fds[i] = header.getInt(RegionLayout.SOCKETS_OFFSET + i * Integer.BYTES);
      noted[i] = header.getLong(RegionLayout.SOCKET_INODES_OFFSET + i * Long.BYTES);
      inodes[i] = fds[i] < 0 ? 0 : OpenFiles.socketInode(pid, fds[i]);
    }
    // Killed before it could note them: the two of a pair are made one after the other.
    boolean pair = noted[0] == 0 && inodes[0] != 0 && inodes[1] == inodes[0] + 1;
    boolean first = inodes[0] != 0 && (inodes[0] == noted[0] || pair);
    boolean second = inodes[1] != 0 && (inodes[1] == noted[1] || pair);
    int received =
        ByteBuffer.wrap(Arguments.of(stopped, data).read(MapPassage.RECEIVED, Integer.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt();
    if (first && received >= 0 && OpenFiles.link(pid, received).equals(MapPassage.MAP_PATH)) {
      calls.must(RemoteCall.close(received));
    }
    // Each by itself: killed in between, one of them is closed already.
    if (first) {
      calls.must(RemoteCall.close(fds[0]));
    }
    if (second) {
      calls.must(RemoteCall.close(fds[1]));
    }
  }

  private void unmapPassed(Stopped stopped, RemoteCalls calls, long data) {
    ByteBuffer header = read(stopped, data, RegionLayout.ARGUMENTS_OFFSET);
    List<Mapping> mappings = mappings(pid);
    for (int i = 0; i < RegionLayout.PASSED_COUNT; i++) {
      int at = RegionLayout.PASSED_OFFSET + i * RegionLayout.PASSED_BYTES;
      long address = header.getLong(at);
      long size = header.getLong(at + Long.BYTES);
      if (address != 0 && MapPassage.isMapped(mappings, address, size)) {
        calls.must(RemoteCall.unmap(address, size));
      }
    }
  }
}
