package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.CodeFile;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import dev.whatif.ebpf.kernel.EventPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A progress point that counts.
 *
 * @param number by which the accounting knows it
 * @param place as the user wrote it
 * @param sites its instructions; none when it is a place of the kernel
 */
public record ProgressPoint(int number, Place place, List<ProbeSite> sites) {

  /** Everybody who maps the file; visits of threads out of scope do not count. */
  private static final int EVERY_PROCESS = -1;

  /** Copies the sites. */
  public ProgressPoint {
    sites = List.copyOf(sites);
  }

  /**
   * Attaches to a place.
   *
   * @throws UsageException when there is no such place in the target
   * @throws dev.whatif.core.failure.UnavailableException when the kernel refuses
   */
  public static ProgressPoint attach(
      Accounting accounting, TargetCode code, int number, Place place) {
    return switch (place) {
      case Place.Syscall call -> {
        tracepoint(accounting, number, "syscalls", "sys_enter_" + call.name());
        yield new ProgressPoint(number, place, List.of());
      }
      case Place.Tracepoint point -> {
        tracepoint(accounting, number, point.category(), point.name());
        yield new ProgressPoint(number, place, List.of());
      }
      case Place.JavaMethod method ->
          throw new UsageException(
              "Java methods cannot be progress points yet: " + method.text(),
              "name a place in native code, a system call or a tracepoint");
      case Place.Function f -> instructions(accounting, code, number, place);
      case Place.Line l -> instructions(accounting, code, number, place);
      case Place.Unnamed u -> instructions(accounting, code, number, place);
      case Place.Address a -> instructions(accounting, code, number, place);
      case Place.Usdt u -> instructions(accounting, code, number, place);
    };
  }

  private static void tracepoint(Accounting accounting, int number, String category, String name) {
    accounting
        .object()
        .attach("visit_tracepoint", new EventPlace.Tracepoint(category, name), number);
  }

  private static ProgressPoint instructions(
      Accounting accounting, TargetCode code, int number, Place place) {
    List<ProbeSite> sites = code.sites(place);
    for (ProbeSite site : sites) {
      accounting
          .object()
          .attach(
              "visit_instruction",
              new EventPlace.Uprobe(
                  reachable(site.file()),
                  site.offset(),
                  false,
                  EVERY_PROCESS,
                  site.semaphoreOffset()),
              number);
    }
    return new ProgressPoint(number, place, sites);
  }

  /** A path that leads here to the file: the target may live in other mounts. */
  private static String reachable(CodeFile file) {
    Path seen = Path.of("/proc", Integer.toString(file.pid()), "root", file.path());
    Path here = Path.of(file.path());
    try {
      if (Files.exists(here) && (!Files.exists(seen) || Files.isSameFile(here, seen))) {
        return here.toString();
      }
    } catch (IOException e) {
      // the target has just ended, or may not be looked at
    }
    return seen.toString();
  }
}
