package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfBtfAttr;
import dev.whatif.core.linux.BpfBtfInfo;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalInt;

/** Types that the kernel has taken over: those of an object, or a module's own. */
public final class KernelBtf implements KernelObject {

  private static final int LOG_BYTES = 1 << 16;
  private static final int NAME_BYTES = 64;

  /** include/uapi/linux/btf.h, BTF_MAX_TYPE and BTF_MAX_NAME_OFFSET; kernel/bpf/btf.c. */
  private static final int MOST_BYTES = 16 << 20;

  private final Descriptor descriptor;

  private KernelBtf(int fd) {
    descriptor = new Descriptor("BTF", fd);
  }

  /**
   * Gives types to the kernel.
   *
   * @param origin the file they are from, for errors
   * @throws BadDataException when the kernel finds them malformed; with its reason
   */
  public static KernelBtf load(String origin, byte[] btf) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = Bpf.tryCall(BpfCommand.BPF_BTF_LOAD, new BpfBtfAttr(arena, btf));
      if (fd >= 0) {
        return new KernelBtf(fd);
      }
      MemorySegment log = arena.allocate(LOG_BYTES);
      int again = Bpf.tryCall(BpfCommand.BPF_BTF_LOAD, new BpfBtfAttr(arena, btf).log(log));
      if (again >= 0) {
        return new KernelBtf(again);
      }
      String lines = log.getString(0).strip();
      LinuxException refusal = Bpf.failure(BpfCommand.BPF_BTF_LOAD, again);
      if (btf.length > MOST_BYTES) {
        throw new BadDataException(
            "%s: .BTF: 0x%x bytes of types; the kernel takes 16 MB".formatted(origin, btf.length),
            "strip what the programs do not use: bpftool gen min_core_btf, or fewer headers",
            refusal);
      }
      if (lines.isEmpty()) {
        throw Refusal.of("load the types of " + origin, refusal); // not what is in them
      }
      throw new BadDataException(
          "%s: .BTF: the kernel refuses the types: %s"
              .formatted(origin, lines.substring(lines.lastIndexOf('\n') + 1)),
          "compile with a clang that this kernel is at least as new as, or strip .BTF",
          refusal);
    }
  }

  /** The types of a loaded module, by its name; "vmlinux" is the kernel itself. */
  public static Optional<KernelBtf> ofModule(String module) {
    int id = 0;
    while ((id = Ids.next(BpfCommand.BPF_BTF_GET_NEXT_ID, id)) != 0) {
      // others come and go all the time: what is gone when it is opened was not the module
      OptionalInt fd = Ids.tryOpen(BpfCommand.BPF_BTF_GET_FD_BY_ID, "btf", id);
      if (fd.isPresent()) {
        KernelBtf btf = new KernelBtf(fd.getAsInt());
        if (btf.isModule(module)) {
          return Optional.of(btf);
        }
        btf.close();
      }
    }
    return Optional.empty();
  }

  private boolean isModule(String module) {
    try {
      return isKernels() && name().equals(module);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whether it is the kernel's or a module's own. */
  boolean isKernels() {
    try (Arena arena = Arena.ofConfined()) {
      return Ids.info(arena, fd(), BpfBtfInfo.LAYOUT.byteSize())
              .get(ValueLayout.JAVA_INT, BpfBtfInfo.KERNEL_BTF)
          != 0;
    }
  }

  /** The module's name; empty for an object's. */
  String name() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES);
      MemorySegment info = arena.allocate(BpfBtfInfo.LAYOUT);
      info.set(ValueLayout.JAVA_LONG, BpfBtfInfo.NAME, name.address());
      info.set(ValueLayout.JAVA_INT, BpfBtfInfo.NAME_LEN, NAME_BYTES);
      Ids.info(arena, fd(), info);
      return name.getString(0);
    }
  }

  @Override
  public int fd() {
    return descriptor.fd();
  }

  @Override
  public int id() {
    try (Arena arena = Arena.ofConfined()) {
      return Ids.info(arena, fd(), BpfBtfInfo.LAYOUT.byteSize())
          .get(ValueLayout.JAVA_INT, BpfBtfInfo.ID);
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
