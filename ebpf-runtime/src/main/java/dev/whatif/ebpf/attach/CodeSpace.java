package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All memory shared with one target: a {@link CodeRegion} within 2 GiB of every place that was
 * asked for. The program and its libraries usually lie terabytes apart. Thread-safe.
 */
public final class CodeSpace {

  private final Injector injector;
  private final EntryOptions options;
  private final List<CodeRegion> regions = new ArrayList<>();

  CodeSpace(Injector injector, CodeRegion first, EntryOptions options) {
    this.injector = injector;
    this.options = options;
    regions.add(first);
  }

  /** The region that was made on entering. */
  public CodeRegion first() {
    synchronized (regions) {
      return regions.getFirst();
    }
  }

  /** All regions, oldest first. */
  public List<CodeRegion> regions() {
    synchronized (regions) {
      return List.copyOf(regions);
    }
  }

  /**
   * A region whose code reaches an address, made now (with a stop of the target) if there is none.
   *
   * @throws dev.whatif.core.failure.UnavailableException when everything within reach is taken
   */
  public CodeRegion near(long address) {
    synchronized (regions) {
      for (CodeRegion r : regions) {
        if (r.reaches(address)) {
          return r;
        }
      }
      RegionEntry entry =
          RegionEntry.near(
              injector.pid(), injector.pidfd(), address, options.codeBytes(), options.dataBytes());
      CodeRegion made = injector.call((stopped, calls) -> entry.map(calls));
      regions.add(made);
      return made;
    }
  }

  /** Where the program's own code begins. */
  static long home(int pid) {
    try {
      Path program = Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
      List<Mapping> mappings = ProcMaps.read(pid);
      return mappings.stream()
          .filter(m -> m.path().equals(program.toString()))
          .findFirst()
          .or(() -> mappings.stream().filter(Mapping::executable).findFirst())
          .orElseThrow(() -> new TargetLostException("process " + pid + " has ended"))
          .start();
    } catch (IOException e) {
      throw new TargetLostException("process " + pid + " has ended", null, e);
    }
  }

  void unmapHere() {
    synchronized (regions) {
      regions.forEach(CodeRegion::unmapHere);
    }
  }
}
