package dev.whatif.ebpf.kernel;

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
      Path file = pinFolder.resolve(definition.name());
      Optional<KernelMap> pinned = pinned(file);
      if (pinned.isPresent()) {
        return pinned.get();
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

  private static MapType type(MapDefinition definition) {
    try {
      return MapType.of(definition.type());
    } catch (IllegalArgumentException e) {
      throw new UnavailableException(
          "map '%s' is of type %d: whatif knows no such maps"
              .formatted(definition.name(), definition.type()),
          "the types it knows are those of Linux 6.12: 1 to " + MapType.values().length,
          e);
    }
  }

  private static MapSpec spec(MapDefinition definition, @Nullable KernelMap inner) {
    MapType type = type(definition);
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

  /** A power of two of pages. */
  private static int ringBytes(int asked) {
    int page = Unistd.getpagesize();
    int pages = Math.max(1, Math.ceilDiv(Math.max(asked, 0), page));
    int highest = Integer.highestOneBit(pages);
    return page * (highest == pages ? pages : highest * 2);
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

  private static Optional<KernelMap> pinned(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = Bpf.tryCall(BpfCommand.BPF_OBJ_GET, new BpfPathAttr(arena, file.toString(), 0));
      if (-fd == Errno.ENOENT.value()) {
        return Optional.empty();
      }
      if (fd < 0) {
        throw Refusal.of("open map " + file, Bpf.failure(BpfCommand.BPF_OBJ_GET, fd));
      }
      return Optional.of(MapInfo.open(fd));
    }
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
