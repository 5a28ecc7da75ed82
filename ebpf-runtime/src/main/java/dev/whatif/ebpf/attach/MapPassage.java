package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.linux.Socket;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.Requests;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * How a kernel map gets into a target: its descriptor does not open through {@code /proc/PID/fd}
 * (ENXIO), so that it goes over a pair of sockets. The target makes the pair; we take one end of it
 * (pidfd_getfd(2)) and send the descriptor; the target receives, maps it and closes all three.
 *
 * <p>The kernel writes the numbers of the pair into shared memory when it makes it: a controller
 * that comes after a killed one finds them there.
 */
final class MapPassage {

  static final String MAP_PATH = "anon_inode:bpf-map";

  /** Where the message header, its vector, its byte and its control data lie. */
  private static final int HEADER = 0;

  private static final int VECTOR = (int) (HEADER + Socket.MSGHDR_BYTES);
  private static final int BYTE = (int) (VECTOR + Socket.IOVEC_BYTES);
  static final int CONTROL = BYTE + Long.BYTES;

  /** Where the kernel writes the received descriptor. */
  static final int RECEIVED = (int) (CONTROL + Socket.CMSGHDR_BYTES);

  private static final int HIGHEST_FD = 1 << 24;

  private final Injector injector;
  private final int pid;
  private final int pidfd;
  private final CodeRegion region;

  MapPassage(Injector injector, int pid, int pidfd, CodeRegion region) {
    this.injector = injector;
    this.pid = pid;
    this.pidfd = pidfd;
    this.region = region;
  }

  TargetMap pass(int mapFd, long size) {
    long address = GapSearch.find(mappings(), region.codeAddress(), size);
    return injector.call((stopped, calls) -> pass(calls, mapFd, address, size));
  }

  private List<Mapping> mappings() {
    try {
      return ProcMaps.read(pid);
    } catch (IOException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
  }

  private TargetMap pass(RemoteCalls calls, int mapFd, long address, long size) {
    MemorySegment data = region.data();
    RemoteCall pair = socketpair(region.dataAddress() + RegionLayout.SOCKETS_OFFSET);
    RemoteCall map = RemoteCall.mapShared(address, size, Mman.PROT_READ | Mman.PROT_WRITE, 0, 0);
    for (RemoteCall c : List.of(pair, receive(0), map, RemoteCall.close(0))) {
      calls.require(c);
    }
    int slot = freeSlot(data);
    prepareMessage();
    calls.must(pair);
    int ours = socket(data, 0);
    int theirs = socket(data, 1);
    for (int i = 0; i < 2; i++) {
      long inode = OpenFiles.socketInode(pid, socket(data, i));
      data.set(ValueLayout.JAVA_LONG, RegionLayout.SOCKET_INODES_OFFSET + 8L * i, inode);
    }
    try {
      send(ours, mapFd);
      calls.must(receive(theirs));
      int fd = region.arguments().get(ValueLayout.JAVA_INT, RECEIVED);
      if (!OpenFiles.link(pid, fd).equals(MAP_PATH)) {
        throw new UnavailableException(
            "process %d received descriptor %d, which is no BPF map".formatted(pid, fd));
      }
      try {
        note(data, slot, address, size);
        calls.must(RemoteCall.mapShared(address, size, Mman.PROT_READ | Mman.PROT_WRITE, fd, 0));
      } catch (RemoteCallException e) {
        note(data, slot, 0, 0);
        throw notMapped(e, size);
      } finally {
        calls.must(RemoteCall.close(fd));
        region.arguments().set(ValueLayout.JAVA_INT, RECEIVED, -1);
      }
    } finally {
      calls.must(RemoteCall.close(ours));
      calls.must(RemoteCall.close(theirs));
      data.set(ValueLayout.JAVA_LONG, RegionLayout.SOCKETS_OFFSET, -1);
      data.asSlice(RegionLayout.SOCKET_INODES_OFFSET, 2L * Long.BYTES).fill((byte) 0);
    }
    return new TargetMap(this, address, size);
  }

  private static RuntimeException notMapped(RemoteCallException e, long size) {
    return e.is(Errno.EINVAL) || e.is(Errno.EPERM) || e.is(Errno.ENODEV)
        ? new UnavailableException(
            "the kernel does not map %d bytes of this BPF map: %s".formatted(size, e.errno()),
            "create it as an array with BPF_F_MMAPABLE, not frozen, of at least that size",
            e)
        : e;
  }

  private static RemoteCall socketpair(long numbers) {
    return new RemoteCall(
        "socketpair",
        SystemCalls.SOCKETPAIR,
        Socket.AF_UNIX,
        Socket.SOCK_SEQPACKET | Socket.SOCK_CLOEXEC,
        0,
        numbers);
  }

  private RemoteCall receive(int socket) {
    return new RemoteCall(
        "recvmsg",
        SystemCalls.RECVMSG,
        socket,
        region.argumentsAddress() + HEADER,
        Socket.MSG_DONTWAIT | Socket.MSG_CMSG_CLOEXEC);
  }

  /** What the kernel wrote; the target's other processes could have changed it. */
  private int socket(MemorySegment data, int i) {
    int fd = data.get(ValueLayout.JAVA_INT, RegionLayout.SOCKETS_OFFSET + 4L * i);
    if (fd < 0 || fd > HIGHEST_FD || OpenFiles.socketInode(pid, fd) == 0) {
      throw new UnavailableException(
          "process %d has changed the memory shared with it while it stood still".formatted(pid),
          "another process shares it; profile that one");
    }
    return fd;
  }

  private void send(int ours, int mapFd) {
    int end;
    try {
      end = Pidfd.getfd(pidfd, ours);
      Requests.passed();
    } catch (LinuxException e) {
      throw new UnavailableException(
          "cannot take a socket of process %d: %s".formatted(pid, e.errno()), null, e);
    }
    try {
      Socket.sendFile(end, mapFd);
      Requests.passed();
    } catch (LinuxException e) {
      throw new UnavailableException(
          "cannot send descriptor %d to process %d: %s".formatted(mapFd, pid, e.errno()), null, e);
    } finally {
      Unistd.close(end);
    }
  }

  private void prepareMessage() {
    MemorySegment a = region.arguments();
    long base = region.argumentsAddress();
    a.asSlice(0, RECEIVED + Long.BYTES).fill((byte) 0);
    a.set(ValueLayout.JAVA_LONG, HEADER + Socket.MSG_IOV, base + VECTOR);
    a.set(ValueLayout.JAVA_LONG, HEADER + Socket.MSG_IOVLEN, 1);
    a.set(ValueLayout.JAVA_LONG, HEADER + Socket.MSG_CONTROL, base + CONTROL);
    a.set(ValueLayout.JAVA_LONG, HEADER + Socket.MSG_CONTROLLEN, Socket.ONE_FD_BYTES);
    a.set(ValueLayout.JAVA_LONG, VECTOR + Socket.IOV_BASE, base + BYTE);
    a.set(ValueLayout.JAVA_LONG, VECTOR + Socket.IOV_LEN, 1);
    a.set(ValueLayout.JAVA_INT, RECEIVED, -1);
  }

  private static int freeSlot(MemorySegment data) {
    for (int i = 0; i < RegionLayout.PASSED_COUNT; i++) {
      if (data.get(ValueLayout.JAVA_LONG, slotOffset(i)) == 0) {
        return i;
      }
    }
    throw new UnavailableException(
        RegionLayout.PASSED_COUNT + " maps have been passed already", "close one of them");
  }

  private static long slotOffset(int i) {
    return RegionLayout.PASSED_OFFSET + (long) i * RegionLayout.PASSED_BYTES;
  }

  private static void note(MemorySegment data, int slot, long address, long size) {
    data.set(ValueLayout.JAVA_LONG, slotOffset(slot), address);
    data.set(ValueLayout.JAVA_LONG, slotOffset(slot) + Long.BYTES, size);
  }

  void takeAway(long address, long size) {
    try {
      injector.call((stopped, calls) -> {
        if (isMapped(mappings(), address, size)) {
          calls.must(RemoteCall.unmap(address, size));
        }
        MemorySegment data = region.data();
        for (int i = 0; i < RegionLayout.PASSED_COUNT; i++) {
          if (data.get(ValueLayout.JAVA_LONG, slotOffset(i)) == address) {
            note(data, i, 0, 0);
          }
        }
        return true;
      });
    } catch (TargetLostException e) {
      // gone, and its memory with it
    }
  }

  /** Whether a map of the kernel lies exactly there. */
  static boolean isMapped(List<Mapping> mappings, long address, long size) {
    return mappings.stream()
        .anyMatch(
            m -> m.start() == address && m.end() == address + size && m.path().equals(MAP_PATH));
  }
}
