package dev.whatif.core.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Signal;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program started to be profiled, as a child of this process.
 *
 * <p>It has a process group of its own, so that it can be ended with everything it has started. On
 * a terminal it shares this process's group, as a program that a shell starts by {@code time} does:
 * only the group in the foreground may read the terminal, and Ctrl-C and Ctrl-Z are for both.
 *
 * <p>Not by {@link ProcessBuilder}: the JVM's reaper thread would take the stops and the end of its
 * children away from whoever traces them. A held one has executed nothing of the program yet: a
 * shell stands in for it, stopped just before its {@code exec}, so that events and traces can be
 * attached first. Thread-safe.
 */
public final class Spawn {

  /** The shell stops itself; the program inherits its pid, its group and its files. */
  private static final String HOLD = "kill -STOP $$; exec \"$@\"";

  /** Reading a program from a slow file system may take that long. */
  private static final Duration EXECUTION = Duration.ofSeconds(5);

  private static final Duration EXECUTION_LOOK = Duration.ofMillis(1);

  private final int pid;
  private final boolean ownGroup;
  private final List<String> command;
  private Wait.@Nullable Status end;

  private Spawn(int pid, boolean ownGroup, List<String> command) {
    this.pid = pid;
    this.ownGroup = ownGroup;
    this.command = List.copyOf(command);
  }

  /**
   * Starts a program that runs at once.
   *
   * @throws UsageException when there is no such program
   */
  public static Spawn running(List<String> command, SpawnHeader.Files files) {
    find(command.getFirst());
    return start(command.getFirst(), command, command, files, true);
  }

  /**
   * Starts a program that waits before its first instruction until {@link #release}; it may use the
   * terminal of this process, if there is one.
   *
   * @throws UsageException when there is no such program
   */
  public static Spawn held(List<String> command, SpawnHeader.Files files) {
    find(command.getFirst());
    List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", HOLD, "sh"));
    arguments.addAll(command);
    Spawn child = start("/bin/sh", arguments, command, files, !hasTerminal());
    Wait.Status status = Wait.waitpid(child.pid, Wait.WUNTRACED);
    if (!status.stopped()) {
      child.end = status;
      throw new UnavailableException("/bin/sh ended before it could hold " + command.getFirst());
    }
    return child;
  }

  private static Spawn start(
      String file,
      List<String> arguments,
      List<String> command,
      SpawnHeader.Files files,
      boolean ownGroup) {
    try {
      int pid = SpawnHeader.posixSpawnp(file, arguments, files, ownGroup);
      return new Spawn(pid, ownGroup, command);
    } catch (LinuxException e) {
      throw new UnavailableException(
          "cannot start " + command.getFirst() + ": " + e.errno(), null, e);
    }
  }

  /** Whether somebody sits in front of it; opening fails with ENXIO otherwise (tty(4)). */
  private static boolean hasTerminal() {
    try (InputStream terminal = new FileInputStream("/dev/tty")) {
      return terminal.available() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void find(String program) {
    if (program.contains("/")) {
      require(
          Files.isExecutable(Path.of(program)) && !Files.isDirectory(Path.of(program)), program);
      return;
    }
    boolean found = false;
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
      Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
      found |= Files.isExecutable(candidate) && !Files.isDirectory(candidate);
    }
    require(found, program);
  }

  private static void require(boolean found, String program) {
    if (!found) {
      throw new UsageException(
          "there is no program " + program, "give the path of an executable file");
    }
  }

  /** Its process. */
  public int pid() {
    return pid;
  }

  /** The program and its arguments. */
  public List<String> command() {
    return command;
  }

  /** The program's file name. */
  public String name() {
    String program = command.getFirst();
    return program.substring(program.lastIndexOf('/') + 1);
  }

  /**
   * Lets a held program run. Returns when it has taken the place of the shell that stood in for it,
   * so that whoever looks at the process finds the program's code and not the shell's; or when it
   * has ended, or could not be executed for a while.
   */
  public void release() {
    signal(pid, Signal.SIGCONT);
    long deadline = System.nanoTime() + EXECUTION.toNanos();
    while (held() && running() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(EXECUTION_LOOK.toNanos());
    }
  }

  /** Arguments are empty for a moment in the middle of an exec. */
  private boolean held() {
    try {
      String arguments = Files.readString(Path.of("/proc/" + pid + "/cmdline"), ISO_8859_1);
      return arguments.isEmpty() || arguments.contains(HOLD);
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  /** Whether it has not ended yet. */
  public boolean running() {
    return ended().isEmpty();
  }

  /** How it ended, or empty while it runs; reaps it. */
  public synchronized Optional<Wait.Status> ended() {
    if (end == null) {
      Wait.Status status = Wait.waitpid(pid, Wait.WNOHANG);
      if (status.exited() || status.signaled()) {
        end = status;
      }
    }
    return Optional.ofNullable(end);
  }

  /**
   * Ends it and what it has started: SIGTERM, and SIGKILL when it is still there after a while.
   *
   * @return how it ended
   */
  public Wait.Status stop(Duration patience) {
    if (running()) {
      signalAll(Signal.SIGTERM);
      signalAll(Signal.SIGCONT); // a stopped one would never see it
      long deadline = System.nanoTime() + patience.toNanos();
      while (running() && System.nanoTime() < deadline) {
        pause();
      }
      if (running()) {
        signalAll(Signal.SIGKILL);
      }
    }
    Optional<Wait.Status> status = ended();
    while (status.isEmpty()) {
      pause();
      status = ended();
    }
    return status.get();
  }

  private static void pause() {
    LockSupport.parkNanos(5_000_000);
  }

  private void signalAll(int signal) {
    if (ownGroup) {
      signal(-pid, signal);
    } else {
      ProcTasks.tree(pid).forEach(p -> signal(p, signal));
    }
  }

  private static void signal(int pid, int signal) {
    try {
      Signal.kill(pid, signal);
    } catch (LinuxException e) {
      // ESRCH: it has ended by itself, which is what a signal would be for
    }
  }
}
