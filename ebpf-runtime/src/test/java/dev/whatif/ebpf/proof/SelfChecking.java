package dev.whatif.ebpf.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.ProcStat;
import dev.whatif.core.process.ProcTasks;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A running program that computes what is known and says so when something else comes out.
 *
 * <p>{@link #goesOn} is the question of this package: after whatever was done to it, does every one
 * of its threads still get on, with right results and without an EINTR?
 */
final class SelfChecking implements AutoCloseable {

  /** Beyond that a thread counts as stuck; machines under load are slow, not stuck. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Spawn program;
  private final Report report;
  private final int pid;
  private final String name;

  private SelfChecking(Spawn program, Report report, int pid, String name) {
    this.program = program;
    this.report = report;
    this.pid = pid;
    this.name = name;
  }

  /** Threads of the C program work.c with these roles, one after the other. */
  static SelfChecking work(int threads, String... roles) {
    return work("-", threads, roles);
  }

  /** The same after it has shut itself in (confine.h). */
  static SelfChecking work(String confinement, int threads, String... roles) {
    return start("work " + confinement, work(), List.of(), confinement, threads, roles);
  }

  private static SelfChecking start(
      String name,
      Path program,
      List<String> prefix,
      String confinement,
      int threads,
      String... roles) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(program.toString(), REPORT, confinement, Integer.toString(threads)));
    command.addAll(List.of(roles));
    return start(name, command);
  }

  /** Every way to be blocked and to compute that work.c knows. */
  static final String[] ALL_ROLES = {
    "general",
    "epoll",
    "sleep",
    "avx512",
    "recv",
    "futex",
    "handler",
    "pipe",
    "signal",
    "forever",
    "poll",
    "sem",
    "creator",
    "select",
    "message",
    "deadline",
    "accept",
    "ppoll",
    "floating",
    "calls",
    "avx",
    "yield"
  };

  /** Mostly blocked, as programs with many threads are. */
  static SelfChecking crowd(int threads) {
    String[] roles = new String[threads];
    String[] blocked = {
      "epoll",
      "sleep",
      "recv",
      "futex",
      "pipe",
      "signal",
      "forever",
      "poll",
      "sem",
      "select",
      "message",
      "deadline",
      "accept",
      "ppoll"
    };
    for (int i = 0; i < threads; i++) {
      roles[i] = i < ALL_ROLES.length ? ALL_ROLES[i] : blocked[i % blocked.length];
    }
    return work(threads, roles);
  }

  /** work.c with musl instead of glibc, linked statically. */
  static SelfChecking musl(int threads, String... roles) {
    Path program =
        Programs.compiledBy(
            "musl-gcc", "work.c", "-static", "-O2", "-mno-red-zone", headers(), "-lpthread");
    return start("musl", program, List.of(), "-", threads, roles);
  }

  /** work.c in a pid namespace of its own whose vm.memfd_noexec is that. */
  static SelfChecking inPidNamespace(int memfdNoexec, int threads, String... roles) {
    return start(
        "in a pid namespace",
        work(),
        List.of(
            "unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "sh",
            "-c",
            "echo " + memfdNoexec + " >/proc/sys/vm/memfd_noexec && exec \"$@\"",
            "sh"),
        "-",
        threads,
        roles);
  }

  /** Forks and executes itself 100 times a second. */
  static SelfChecking forks() {
    Path program =
        Programs.compiled("forks.c", "-O2", "-mno-red-zone", "-pthread", headers(), "-lpthread");
    return start("forks", List.of(program.toString(), REPORT));
  }

  /** Goroutines with growing stacks, garbage and channels. */
  static SelfChecking go() {
    return start("go", List.of(GoProgram.built("work.go").toString(), REPORT));
  }

  /** CPython with threads, garbage and child processes. */
  static SelfChecking python() {
    Path script = Path.of("src", "test", "python", "work.py").toAbsolutePath();
    return start(
        "python", List.of(Programs.run("python3", "-c", PYTHON).strip(), script + "", REPORT));
  }

  /** The interpreter itself: what is on the PATH may be a script that starts it. */
  private static final String PYTHON = "import sys; print(sys.executable)";

  /** A JVM with 64 MB, garbage and short-lived threads. */
  static SelfChecking jvm(Path java) {
    return start(
        "jvm",
        List.of(java.toString(), "-Xmx64m", "-cp", JvmProgram.compiled() + "", "Work", REPORT));
  }

  private static final String REPORT = "@REPORT@";

  private static SelfChecking start(String name, List<String> command) {
    Path folder = Programs.folder("proof");
    Report report = Report.create(folder);
    List<String> filled =
        command.stream().map(w -> w.equals(REPORT) ? report.file().toString() : w).toList();
    Spawn program =
        Spawn.running(
            filled, new SpawnHeader.Files(List.of(), folder.resolve("output").toString()));
    SelfChecking target = null;
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!report.ready() && program.running() && System.nanoTime() < deadline) {
        Thread.sleep(2);
      }
      int pid = ProcTasks.tree(program.pid()).getLast();
      target =
          new SelfChecking(
              program, report, filled.getFirst().equals("unshare") ? pid : program.pid(), name);
      assertThat(report.ready()).as("%s starts: %s", name, program.ended()).isTrue();
      target.goesOn();
      return target;
    } catch (InterruptedException | RuntimeException | AssertionError e) {
      if (target != null) {
        target.close();
      } else {
        program.stop(Duration.ZERO);
      }
      throw new AssertionError(e);
    }
  }

  private static Path work() {
    return Programs.compiled("work.c", "-O2", "-mno-red-zone", "-pthread", headers(), "-lpthread");
  }

  /** Compiled programs are kept by the text of their source and their flags: this tells headers. */
  private static String headers() {
    int hash = 0;
    for (String header : List.of("report.h", "confine.h", "registers.h", "waits.h")) {
      try {
        hash = 31 * hash + Files.readString(Path.of("src", "test", "c", header)).hashCode();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return "-DHEADERS="
        + Integer.toHexString(hash).toUpperCase(Locale.ROOT).replace('-', 'M')
        + "u";
  }

  int pid() {
    return pid;
  }

  Report report() {
    return report;
  }

  /** Waits until every thread has done two more rounds, and looks at the results. */
  void goesOn() {
    getOn();
    isRight();
  }

  /**
   * The same when whoever had stopped it died: a call that the stop had interrupted and that the
   * kernel does not restart by itself gives EINTR then, because nobody is left to issue it again.
   * Everything else must be right.
   *
   * @return how many such calls there were in all
   */
  long goesOnWithoutItsTracer() {
    getOn();
    if (report.wrong() != 0 || !program.running()) {
      throw new AssertionError(
          "%s (pid %d): %s; process %s".formatted(name, pid, outcome(), state()));
    }
    return report.eintr();
  }

  private void getOn() {
    int threads = report.threads();
    long[] since = new long[threads];
    for (int i = 0; i < threads; i++) {
      since[i] = report.rounds(i);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int i = 0; i < threads; i++) {
      while (report.rounds(i) < since[i] + 2) {
        if (!program.running() || System.nanoTime() > deadline) {
          throw new AssertionError(
              "%s (pid %d): thread %d of %d does not go on; %s; process %s"
                  .formatted(name, pid, i, threads, outcome(), state()));
        }
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** Looks at the results so far. */
  void isRight() {
    if (report.wrong() != 0 || report.eintr() != 0 || !program.running()) {
      throw new AssertionError(
          "%s (pid %d): %s; process %s".formatted(name, pid, outcome(), state()));
    }
  }

  int threads() {
    return report.threads();
  }

  private String outcome() {
    return "%d wrong, %d EINTR, first: \"%s\""
        .formatted(report.wrong(), report.eintr(), report.text());
  }

  private String state() {
    return program
        .ended()
        .map(e -> e.signaled() ? "was killed by signal " + e.signal() : "exited " + e.exitStatus())
        .orElseGet(() -> ProcStat.of(pid).map(s -> "is in state " + s.state()).orElse("is gone"));
  }

  @Override
  public void close() {
    try {
      program.stop(Duration.ZERO);
      Files.deleteIfExists(report.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
