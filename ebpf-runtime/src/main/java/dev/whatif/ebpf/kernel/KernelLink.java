package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfElementAttr;
import dev.whatif.core.linux.BpfLinkAttr;
import dev.whatif.core.linux.BpfLinkInfo;
import dev.whatif.core.linux.BpfRawTracepointAttr;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.PerfEvent;
import dev.whatif.ebpf.object.AttachType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A program attached to a place. Closing it detaches; so does the end of this process, but for
 * struct_ops tables outside of {@code .struct_ops.link}. Any thread.
 */
public final class KernelLink implements KernelObject {

  private final Descriptor descriptor;
  private final @Nullable Descriptor event;
  private final Runnable rest;
  private final boolean isLink;
  private final String place;
  private final AtomicBoolean closed = new AtomicBoolean();

  private KernelLink(String place, int fd) {
    this(place, new Descriptor("link to " + place, fd), null, () -> {}, true);
  }

  /**
   * A link.
   *
   * @param event the perf event that it holds, or null
   * @param rest what closing does besides
   */
  private KernelLink(
      String place,
      Descriptor descriptor,
      @Nullable Descriptor event,
      Runnable rest,
      boolean isLink) {
    this.descriptor = descriptor;
    this.event = event;
    this.rest = rest;
    this.isLink = isLink;
    this.place = place;
  }

  /**
   * Attaches a program to what it was loaded for: {@code tp_btf}, {@code fentry}, {@code fexit}.
   */
  public static KernelLink tracing(KernelProgram program) {
    return tracing(program, "what it was loaded for");
  }

  static KernelLink tracing(KernelProgram program, String place) {
    return rawTracepoint(program, null, place);
  }

  /** Attaches a raw tracepoint program, for example to {@code sched_switch}. */
  public static KernelLink rawTracepoint(KernelProgram program, String tracepoint) {
    return rawTracepoint(program, tracepoint, "raw tracepoint " + tracepoint);
  }

  private static KernelLink rawTracepoint(
      KernelProgram program, @Nullable String tracepoint, String place) {
    try (Arena arena = Arena.ofConfined()) {
      BpfCommand command = BpfCommand.BPF_RAW_TRACEPOINT_OPEN;
      int fd = Bpf.tryCall(command, new BpfRawTracepointAttr(arena, tracepoint, program.fd()));
      if (tracepoint != null && -fd == Errno.ENOENT.value()) {
        throw new UnavailableException(
            "cannot attach %s: this kernel has no %s".formatted(program, place),
            "list them with: ls /sys/kernel/tracing/events/*");
      }
      return new KernelLink(place, made(program, place, command, fd));
    }
  }

  /**
   * Attaches to a perf event that is opened for it and starts now.
   *
   * @param cookie what {@code bpf_get_attach_cookie} gives the program (since 5.15); 0 is none
   */
  public static KernelLink event(KernelProgram program, EventPlace place, long cookie) {
    String what = place.toString();
    int eventFd;
    try {
      eventFd = place.open();
    } catch (LinuxException e) {
      throw Refusal.ofEvent(program, what, e);
    }
    Descriptor event = new Descriptor(what, eventFd);
    try (Arena arena = Arena.ofConfined()) {
      BpfLinkAttr attr =
          new BpfLinkAttr(arena, program.fd(), eventFd, AttachType.PERF_EVENT.number())
              .eventCookie(cookie);
      int fd = Bpf.tryCall(BpfCommand.BPF_LINK_CREATE, attr);
      if (-fd == Errno.EINVAL.value() && cookie == 0) {
        // before 5.15 there were no such links: the event itself holds the program
        PerfEvent.setBpf(eventFd, program.fd());
        PerfEvent.enable(eventFd);
        return new KernelLink(what, event, event, () -> {}, false);
      }
      Descriptor link =
          new Descriptor("link to " + what, made(program, what, BpfCommand.BPF_LINK_CREATE, fd));
      try {
        PerfEvent.enable(eventFd);
      } catch (LinuxException e) {
        link.close();
        throw e;
      }
      return new KernelLink(what, link, event, event::close, true);
    } catch (LinuxException e) {
      event.close();
      throw Refusal.ofEvent(program, what, e);
    } catch (RuntimeException e) {
      event.close();
      throw e;
    }
  }

  /**
   * Attaches to many places of a file in one call (since Linux 6.6).
   *
   * @param offsets in the file, of instructions
   * @param cookies one per offset, or none
   * @param atReturn whether it runs when the functions there return
   * @param pid 0 is every process
   */
  public static KernelLink uprobes(
      KernelProgram program,
      String file,
      long[] offsets,
      long[] cookies,
      boolean atReturn,
      int pid) {
    if (cookies.length != 0 && cookies.length != offsets.length) {
      throw new IllegalArgumentException(
          "%d cookies for %d places".formatted(cookies.length, offsets.length));
    }
    String place = "%d places of %s".formatted(offsets.length, file);
    try (Arena arena = Arena.ofConfined()) {
      BpfLinkAttr attr =
          new BpfLinkAttr(arena, program.fd(), 0, AttachType.TRACE_UPROBE_MULTI.number())
              .uprobes(
                  file,
                  offsets,
                  new long[0],
                  cookies,
                  atReturn ? Bpf.BPF_F_UPROBE_MULTI_RETURN : 0,
                  pid);
      int fd = Bpf.tryCall(BpfCommand.BPF_LINK_CREATE, attr);
      return new KernelLink(place, made(program, place, BpfCommand.BPF_LINK_CREATE, fd));
    }
  }

  /**
   * Makes a struct_ops map, filled and made with {@code BPF_F_LINK}, the kernel's: a scheduler or a
   * congestion control is registered until the link is closed.
   */
  public static KernelLink structOps(KernelMap map) {
    String place = "the kernel's operations " + map.name();
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          Bpf.tryCall(
              BpfCommand.BPF_LINK_CREATE,
              new BpfLinkAttr(arena, map.fd(), 0, AttachType.STRUCT_OPS.number()));
      if (fd < 0) {
        throw Refusal.of("register " + place, Bpf.failure(BpfCommand.BPF_LINK_CREATE, fd));
      }
      return new KernelLink(place, fd);
    }
  }

  /**
   * A struct_ops map made without {@code BPF_F_LINK}, whose value has just registered it. Nothing
   * but deleting the value takes that back, not even the end of this process.
   */
  static KernelLink registered(KernelMap map, byte[] key) {
    String place = "the kernel's operations " + map.name();
    // a descriptor of its own: the map may be closed first
    int fd = Ids.open(BpfCommand.BPF_MAP_GET_FD_BY_ID, "map", map.id());
    return new KernelLink(place, new Descriptor(place, fd), null, () -> unregister(fd, key), false);
  }

  private static void unregister(int fd, byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
      int result =
          Bpf.tryCall(
              BpfCommand.BPF_MAP_DELETE_ELEM,
              new BpfElementAttr(arena, fd, copy, MemorySegment.NULL, 0));
      if (result < 0 && -result != Errno.ENOENT.value()) {
        throw Refusal.of(
            "take back the kernel's operations",
            Bpf.failure(BpfCommand.BPF_MAP_DELETE_ELEM, result));
      }
    }
  }

  /**
   * Lets a clock's period begin anew this moment.
   *
   * @param nanos its length
   * @throws IllegalStateException when it is no link to a clock
   */
  public void restart(long nanos) {
    if (event == null) {
      throw new IllegalStateException(this + " is no clock");
    }
    PerfEvent.setPeriod(event.fd(), nanos);
  }

  /** Where, in words. */
  public String place() {
    return place;
  }

  @Override
  public int fd() {
    return descriptor.fd();
  }

  @Override
  public int id() {
    if (!isLink) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      return Ids.info(arena, fd(), BpfLinkInfo.LAYOUT.byteSize())
          .get(ValueLayout.JAVA_INT, BpfLinkInfo.ID);
    }
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      try (descriptor) {
        rest.run();
      }
    }
  }

  @Override
  public String toString() {
    return "link to " + place;
  }

  private static int made(KernelProgram program, String place, BpfCommand command, int result) {
    if (result < 0) {
      throw Refusal.ofEvent(program, place, Bpf.failure(command, result));
    }
    return result;
  }
}
