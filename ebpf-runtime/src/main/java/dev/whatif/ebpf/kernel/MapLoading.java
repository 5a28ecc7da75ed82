package dev.whatif.ebpf.kernel;

import dev.whatif.core.capability.KernelFiles;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfPathAttr;
import dev.whatif.core.linux.CpuList;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.Pinning;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the maps of an object, with libbpf's rules that depend on the machine. */
final class MapLoading {

  private static final byte[] FIRST = new byte[Integer.BYTES];

  private final @Nullable KernelBtf types;
  private final Path pinFolder;

  /**
   * For one object.
   *
   * @param types the object's, in the kernel
   */
  MapLoading(@Nullable KernelBtf types, Path pinFolder) {
    this.types = types;
    this.pinFolder = pinFolder;
  }

  /** A map with its initial value, frozen where it is for reading only. */
  KernelMap load(MapDefinition definition) {
    if (definition.pinning() == Pinning.BY_NAME) {
      Path file = file(definition.name());
      Optional<KernelMap> pinned = pinned(file);
      if (pinned.isPresent()) {
        return finishing(pinned.get(), () -> requireAlike(pinned.get(), definition, file));
      }
      KernelMap map = create(definition);
      return finishing(map, () -> pin(map, file));
    }
    KernelMap map = create(definition);
    return finishing(
        map,
        () -> {
          if (definition.isData()) {
            map.update(FIRST, definition.initialValue());
          }
          if (definition.readOnly()) {
            map.freeze();
          }
        });
  }

  private KernelMap create(MapDefinition definition) {
    if (definition.inner().isEmpty()) {
      return create(definition, null);
    }
    // only a pattern: the kernel copies what it needs
    try (KernelMap inner = create(definition.inner().get())) {
      return create(definition, inner);
    }
  }

  private KernelMap create(MapDefinition definition, @Nullable KernelMap inner) {
    MapSpec spec = spec(definition, inner);
    if (types == null || definition.btfKeyTypeId() == 0 && definition.btfValueTypeId() == 0) {
      return KernelMap.create(spec);
    }
    try {
      return KernelMap.create(
          spec.types(types, definition.btfKeyTypeId(), definition.btfValueTypeId()));
    } catch (WhatifException e) {
      // some kinds take no types, and which they are changes between kernels: libbpf, too, tries
      try {
        return KernelMap.create(spec(definition, inner));
      } catch (WhatifException second) {
        throw e;
      }
    }
  }

  private static MapSpec spec(MapDefinition definition, @Nullable KernelMap inner) {
    MapType type = MapType.of(definition.type(), definition.name());
    MapSpec spec =
        new MapSpec(
                definition.name(),
                type,
                definition.keySize(),
                definition.valueSize(),
                entries(type, definition.maxEntries()))
            .flags(definition.flags())
            .numaNode(definition.numaNode())
            .extra(definition.mapExtra());
    return inner == null ? spec : spec.inner(inner);
  }

  private static int entries(MapType type, int asked) {
    return switch (type) {
      case PERF_EVENT_ARRAY -> asked == 0 ? CpuList.possible().length : asked;
      case RINGBUF, USER_RINGBUF -> ringBytes(asked);
      default -> asked;
    };
  }

  /**
   * A power of two of pages, the number taken as unsigned (libbpf, adjust_ringbuf_sz); 0, and what
   * has no such power above it in 32 bits, is left for the kernel to refuse.
   */
  static int ringBytes(int asked) {
    long page = Unistd.getpagesize();
    long bytes = Integer.toUnsignedLong(asked);
    long wanted = Math.max(page, bytes == 0 ? 0 : Long.highestOneBit(bytes * 2 - 1));
    return bytes == 0 || wanted > 1L << 31 ? asked : (int) wanted;
  }

  private static KernelMap finishing(KernelMap map, Runnable rest) {
    try {
      rest.run();
      return map;
    } catch (RuntimeException e) {
      map.close();
      throw e;
    }
  }

  /** The name is the object's, which may be hostile: it shall not lead elsewhere. */
  private Path file(String name) {
    if (name.contains("/") || name.equals("..") || name.equals(".")) {
      throw new BadDataException("map '" + name + "' cannot be pinned: its name is a path");
    }
    return pinFolder.resolve(name);
  }

  /** libbpf, map_is_reuse_compat: programs are verified against what is there. */
  private static void requireAlike(KernelMap map, MapDefinition wanted, Path file) {
    MapInfo is = map.info();
    MapSpec spec = spec(wanted, null);
    if (is.type() != spec.type
        || is.keyBytes() != spec.keyBytes
        || is.valueBytes() != spec.valueBytes
        || is.maxEntries() != spec.maxEntries
        || is.flags() != wanted.flags()
        || is.extra() != wanted.mapExtra()) {
      throw new UnavailableException(
          "%s is %s with %d:%d bytes, %s entries and flags 0x%x; the object wants %s, %d:%d, %s, 0x%x"
              .formatted(
                  file,
                  is.type(),
                  is.keyBytes(),
                  is.valueBytes(),
                  Integer.toUnsignedString(is.maxEntries()),
                  is.flags(),
                  spec.type,
                  spec.keyBytes,
                  spec.valueBytes,
                  Integer.toUnsignedString(spec.maxEntries),
                  wanted.flags()),
          "remove what was pinned by another version, or choose another folder");
    }
  }

  private static Optional<KernelMap> pinned(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = Bpf.tryCall(BpfCommand.BPF_OBJ_GET, new BpfPathAttr(arena, file.toString(), 0));
      if (-fd == Errno.ENOENT.value()) {
        return Optional.empty();
      }
      if (fd < 0) {
        throw Refusal.of("open map " + file, Bpf.failure(BpfCommand.BPF_OBJ_GET, fd));
      }
      if (!isMap(fd)) {
        Unistd.close(fd);
        throw new UnavailableException(
            file + " is no map: something else is pinned there", "choose another folder");
      }
      return Optional.of(MapInfo.open(fd));
    }
  }

  /** BPF_OBJ_GET opens programs and links as well, and the kernel fills in what it is asked for. */
  private static boolean isMap(int fd) {
    return KernelFiles.ofThisMachine()
        .link("/proc/self/fd/" + fd)
        .filter(l -> l.contains("bpf-map"))
        .isPresent();
  }

  private static void pin(KernelMap map, Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int result =
          Bpf.tryCall(BpfCommand.BPF_OBJ_PIN, new BpfPathAttr(arena, file.toString(), map.fd()));
      if (result < 0) {
        throw Refusal.ofPin(map, file, result);
      }
    }
  }
}
