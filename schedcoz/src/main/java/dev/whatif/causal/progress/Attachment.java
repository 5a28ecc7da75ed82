package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.CodeFile;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import dev.whatif.ebpf.kernel.EventPlace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets a program of the accounting run at a place, wherever the target maps it. */
final class Attachment {

  /** Everybody who maps the file; who is out of scope does not count. */
  private static final int EVERY_PROCESS = -1;

  private static final int LONGEST_INSTRUCTION = 15;
  private static final int LANDING_PAD_BYTES = 4;

  private final Accounting accounting;
  private final Place place;
  private final String program;
  private final long cookie;
  private final List<ProbeSite> sites = new ArrayList<>();
  private boolean attached;

  /**
   * At no place yet.
   *
   * @param program of the accounting; its name without the kind of place
   */
  Attachment(Accounting accounting, Place place, String program, long cookie) {
    this.accounting = accounting;
    this.place = place;
    this.program = program;
    this.cookie = cookie;
  }

  /** The instructions that it runs at; none when it is a place of the kernel. */
  List<ProbeSite> sites() {
    return List.copyOf(sites);
  }

  /**
   * Where the target has the place now.
   *
   * @throws UsageException when there is none
   */
  List<ProbeSite> find(TargetCode code) {
    return switch (place) {
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

  /**
   * Attaches to those of the sites at which it does not run yet, once to each instruction, by
   * however many paths its file is known.
   */
  void attach(List<ProbeSite> found) {
    switch (place) {
      case Place.Syscall call -> tracepoint("syscalls", "sys_enter_" + call.name());
      case Place.Tracepoint point -> tracepoint(point.category(), point.name());
      case Place.Function f -> found.forEach(site -> instruction(behindLandingPad(site)));
      default -> found.forEach(this::instruction);
    }
  }

  private void instruction(ProbeSite site) {
    if (sites.stream().anyMatch(known -> same(known, site))) {
      return;
    }
    EventPlace.Uprobe probe =
        new EventPlace.Uprobe(
            reachable(site.file()), site.offset(), false, EVERY_PROCESS, site.semaphoreOffset());
    accounting.object().attach(program + "_instruction", probe, cookie);
    sites.add(site);
  }

  /** What its instructions are to the kernel. */
  Set<VisitCost.Kind> kinds() {
    Set<VisitCost.Kind> kinds = EnumSet.noneOf(VisitCost.Kind.class);
    if (attached) {
      kinds.add(VisitCost.Kind.SYSTEM_CALL);
    }
    sites.forEach(site -> code(site).ifPresent(code -> kinds.add(VisitCost.Kind.of(code))));
    return kinds;
  }

  /**
   * The first bytes of an instruction; empty when the target has just ended, or its files are gone.
   */
  private static Optional<byte[]> code(ProbeSite site) {
    try (SeekableByteChannel file = Files.newByteChannel(Path.of(reachable(site.file())))) {
      ByteBuffer code = ByteBuffer.allocate(LONGEST_INSTRUCTION);
      int got = file.position(site.offset()).read(code);
      return Optional.of(Arrays.copyOf(code.array(), Math.max(0, got)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The instruction after {@code endbr64}, with which functions begin that may be called through
   * pointers, if it is one that the kernel imitates: {@code endbr64} it steps, which is 15 times as
   * dear. Whoever passes one passes the other.
   */
  private static ProbeSite behindLandingPad(ProbeSite site) {
    byte[] code = code(site).orElse(new byte[0]);
    if (code.length <= LANDING_PAD_BYTES
        || VisitCost.Kind.of(code) != VisitCost.Kind.LANDING_PAD
        || VisitCost.Kind.of(Arrays.copyOfRange(code, LANDING_PAD_BYTES, code.length))
            == VisitCost.Kind.STEPPED) {
      return site;
    }
    return new ProbeSite(
        site.file(), site.offset() + LANDING_PAD_BYTES, site.semaphoreOffset(), site.arguments());
  }

  private static boolean same(ProbeSite a, ProbeSite b) {
    return a.file().device() == b.file().device()
        && a.file().inode() == b.file().inode()
        && a.offset() == b.offset();
  }

  private void tracepoint(String category, String name) {
    if (!attached) {
      accounting
          .object()
          .attach(program + "_tracepoint", new EventPlace.Tracepoint(category, name), cookie);
      attached = true;
    }
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
