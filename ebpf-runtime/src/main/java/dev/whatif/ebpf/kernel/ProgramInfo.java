package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.BpfProgramInfo;
import dev.whatif.ebpf.object.ProgramType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the kernel says about a program.
 *
 * @param id as bpftool shows it
 * @param name at most 15 characters
 * @param tag the kernel's digest of the instructions as given, 16 hex digits
 * @param mapIds of the maps it uses
 * @param verifiedInstructions that the verifier walked through
 * @param runs since loaded, counted only with {@code kernel.bpf_stats_enabled}
 * @param runNanos spent in them
 */
public record ProgramInfo(
    int id,
    ProgramType type,
    String name,
    String tag,
    List<Integer> mapIds,
    int btfId,
    int verifiedInstructions,
    long runs,
    long runNanos) {

  static ProgramInfo of(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = Ids.info(arena, fd, BpfProgramInfo.LAYOUT.byteSize());
      return new ProgramInfo(
          info.get(ValueLayout.JAVA_INT, BpfProgramInfo.ID),
          Support.programType(info.get(ValueLayout.JAVA_INT, BpfProgramInfo.TYPE)),
          info.getString(BpfProgramInfo.NAME),
          "%016x".formatted(Long.reverseBytes(info.get(ValueLayout.JAVA_LONG, BpfProgramInfo.TAG))),
          mapIds(arena, fd, info.get(ValueLayout.JAVA_INT, BpfProgramInfo.NR_MAP_IDS)),
          info.get(ValueLayout.JAVA_INT, BpfProgramInfo.BTF_ID),
          info.get(ValueLayout.JAVA_INT, BpfProgramInfo.VERIFIED_INSNS),
          info.get(ValueLayout.JAVA_LONG, BpfProgramInfo.RUN_CNT),
          info.get(ValueLayout.JAVA_LONG, BpfProgramInfo.RUN_TIME_NS));
    }
  }

  private static List<Integer> mapIds(Arena arena, int fd, int count) {
    if (count == 0) {
      return List.of();
    }
    MemorySegment ids = arena.allocate(ValueLayout.JAVA_INT, count);
    MemorySegment info = arena.allocate(BpfProgramInfo.LAYOUT);
    info.set(ValueLayout.JAVA_INT, BpfProgramInfo.NR_MAP_IDS, count);
    info.set(ValueLayout.JAVA_LONG, BpfProgramInfo.MAP_IDS, ids.address());
    Ids.info(arena, fd, info);
    return IntStream.of(ids.toArray(ValueLayout.JAVA_INT)).boxed().toList();
  }
}
