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

/** Lets a program of the accounting run at a place. */
final class Attachment {

  /** Everybody who maps the file; who is out of scope does not count. */
  private static final int EVERY_PROCESS = -1;

  private final Accounting accounting;
  private final Place place;
  private final List<ProbeSite> sites;

  /**
   * Looks for the place.
   *
   * @throws UsageException when there is none
   */
  Attachment(Accounting accounting, TargetCode code, Place place) {
    this.accounting = accounting;
    this.place = place;
    this.sites =
        switch (place) {
          case Place.Syscall s -> List.of();
          case Place.Tracepoint t -> List.of();
          case Place.JavaMethod method ->
              throw new UsageException(
                  "Java methods cannot be progress points yet: " + method.text(),
                  "name a place in native code, a system call or a tracepoint");
          case Place.Function f -> code.sites(f);
          case Place.Line l -> code.sites(l);
          case Place.Unnamed u -> code.sites(u);
          case Place.Address a -> code.sites(a);
          case Place.Usdt u -> code.sites(u);
        };
  }

  /** Its instructions; none when it is a place of the kernel. */
  List<ProbeSite> sites() {
    return sites;
  }

  /** Attaches a program of the accounting; its name without the kind of place. */
  void to(String program, long cookie) {
    switch (place) {
      case Place.Syscall call ->
          tracepoint(program, "syscalls", "sys_enter_" + call.name(), cookie);
      case Place.Tracepoint point -> tracepoint(program, point.category(), point.name(), cookie);
      default -> {
        for (ProbeSite site : sites) {
          EventPlace.Uprobe probe =
              new EventPlace.Uprobe(
                  reachable(site.file()),
                  site.offset(),
                  false,
                  EVERY_PROCESS,
                  site.semaphoreOffset());
          accounting.object().attach(program + "_instruction", probe, cookie);
        }
      }
    }
  }

  private void tracepoint(String program, String category, String name, long cookie) {
    accounting
        .object()
        .attach(program + "_tracepoint", new EventPlace.Tracepoint(category, name), cookie);
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
