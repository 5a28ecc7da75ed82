package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Fcntl;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Memfd;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.Requests;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How memory becomes shared with a target: the target creates a memfd, we take a descriptor of the
 * same file, give it its memory and seal it, and the target maps it twice and closes its
 * descriptor. Four remote calls; when one fails, those before it are undone.
 *
 * @param near the place that the code must reach
 * @param address where it is tried first
 */
record RegionEntry(int pid, int pidfd, long near, long address, long codeBytes, long dataBytes) {

  private static final int READ_WRITE = Mman.PROT_READ | Mman.PROT_WRITE;
  private static final int READ_EXECUTE = Mman.PROT_READ | Mman.PROT_EXEC;

  /** How often a place is looked for again: the target may have mapped something there. */
  private static final int ATTEMPTS = 3;

  private static final int MEMFD_FLAGS = memfdFlags();

  /** Kernels before 6.3 refuse MFD_EXEC; those after may refuse executable mappings without it. */
  private static int memfdFlags() {
    int flags = Memfd.MFD_CLOEXEC | Memfd.MFD_ALLOW_SEALING;
    try {
      Unistd.close(Memfd.create("whatif", flags | Memfd.MFD_EXEC));
      return flags | Memfd.MFD_EXEC;
    } catch (LinuxException e) {
      return e.is(Errno.EINVAL) ? flags : flags | Memfd.MFD_EXEC;
    }
  }

  /** Finds a place for one, without touching the target. */
  static RegionEntry near(int pid, int pidfd, long near, long codeBytes, long dataBytes) {
    long address = place(pid, near, codeBytes + dataBytes);
    return new RegionEntry(pid, pidfd, near, address, codeBytes, dataBytes);
  }

  private static long place(int pid, long near, long size) {
    try {
      return GapSearch.find(ProcMaps.read(pid), near, size);
    } catch (IOException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
  }

  private long size() {
    return codeBytes + dataBytes;
  }

  /** Refuses before the first call what a seccomp filter would not let through at the last. */
  void require(RemoteCalls calls) {
    calls.require(RemoteCall.memfdCreate(calls.textAddress(), MEMFD_FLAGS));
    calls.require(RemoteCall.mapShared(address, codeBytes, READ_EXECUTE, 0, 0));
    calls.require(RemoteCall.mapShared(address, dataBytes, READ_WRITE, 0, codeBytes));
    calls.require(RemoteCall.close(0));
    calls.require(RemoteCall.unmap(address, codeBytes));
    calls.require(RemoteCall.signalAction(Long.SIZE, address, address));
  }

  /** Does it, in a stop. */
  CodeRegion map(RemoteCalls calls) {
    require(calls);
    Deque<RemoteCall> undo = new ArrayDeque<>();
    try {
      int fd = (int) calls.must(RemoteCall.memfdCreate(calls.textAddress(), MEMFD_FLAGS));
      undo.push(RemoteCall.close(fd));
      MemorySegment local = mapHere(fd);
      try {
        CodeRegion region = mapThere(calls, fd, local, undo);
        calls.must(RemoteCall.close(fd));
        return region;
      } catch (RuntimeException e) {
        Mman.munmap(local);
        throw e;
      }
    } catch (RemoteCallException | UnavailableException e) {
      undo.forEach(calls::call);
      throw e instanceof RemoteCallException r ? EntryRefusal.of(pid, r) : e;
    }
  }

  private CodeRegion mapThere(
      RemoteCalls calls, int fd, MemorySegment local, Deque<RemoteCall> undo) {
    long at = address;
    for (int attempt = 1; ; attempt++) {
      CodeRegion region = new CodeRegion(at, codeBytes, dataBytes, local);
      try {
        calls.must(RemoteCall.mapShared(at, codeBytes, READ_EXECUTE, fd, 0));
        undo.push(RemoteCall.unmap(at, codeBytes));
        calls.must(
            RemoteCall.mapShared(region.dataAddress(), dataBytes, READ_WRITE, fd, codeBytes));
        undo.push(RemoteCall.unmap(region.dataAddress(), dataBytes));
        return region;
      } catch (RemoteCallException e) {
        if (!e.is(Errno.EEXIST) || attempt == ATTEMPTS) {
          throw e;
        }
        if (undo.size() > 1) {
          calls.must(undo.pop());
        }
        at = place(pid, near, size());
      }
    }
  }

  /** Our own view of the target's file, which has its memory and can no longer lose it. */
  private MemorySegment mapHere(int targetFd) {
    int fd;
    try {
      fd = Pidfd.getfd(pidfd, targetFd);
      Requests.passed();
    } catch (LinuxException e) {
      throw new UnavailableException(
          "cannot take a file of process %d: %s".formatted(pid, e.errno()),
          "Linux 5.6 or newer is needed, and the right to trace it",
          e);
    }
    try {
      Fcntl.fallocate(fd, 0, size());
      Requests.passed();
      Fcntl.addSeals(fd, Fcntl.F_SEAL_SHRINK | Fcntl.F_SEAL_GROW | Fcntl.F_SEAL_SEAL);
      Requests.passed();
      return Mman.mmap(size(), READ_WRITE, Mman.MAP_SHARED, fd, 0);
    } catch (LinuxException e) {
      throw new UnavailableException(
          "no %d KiB of memory to share with process %d: %s"
              .formatted(size() >> 10, pid, e.errno()),
          "free some memory, or raise the control group's limit",
          e);
    } finally {
      Unistd.close(fd);
    }
  }
}
