package dev.whatif.core.process;

import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.Unistd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is profiled. Its threads come and go, it may execute another program, it may end; threads
 * and children born while it is watched belong to it.
 */
public sealed interface Target {

  /** The processes that belong to it this moment, parents first; empty when it has ended. */
  List<Integer> processes();

  /** What it is called in messages and file names, for example "redis-server". */
  String name();

  /** The process that stands for it, for example the root of a tree. */
  int leader();

  /** Whether processes may join it other than by being forked from one of it. */
  default boolean open() {
    return false;
  }

  /**
   * Processes by number.
   *
   * @throws TargetLostException when one does not exist
   * @throws UsageException when a number is a thread's and not a process's
   */
  static Target pids(int... pids) {
    if (pids.length == 0) {
      throw new UsageException("no process is named", "name one with --pid");
    }
    for (int pid : pids) {
      check(pid);
    }
    return new Processes(Arrays.stream(pids).distinct().boxed().toList(), nameOf(pids[0]));
  }

  /**
   * A process and its children, present and future.
   *
   * @throws TargetLostException when it does not exist
   */
  static Target tree(int root) {
    check(root);
    return new Tree(root, nameOf(root));
  }

  /**
   * The processes of a control group, also those that join it later.
   *
   * @param folder of the group, absolute or below /sys/fs/cgroup
   * @throws UsageException when it is no control group
   * @throws TargetLostException when it is empty
   */
  static Target cgroup(Path folder) {
    Path absolute = Path.of("/sys/fs/cgroup").resolve(folder).normalize();
    if (!Files.isReadable(absolute.resolve("cgroup.procs"))) {
      throw new UsageException(
          absolute + " is no control group: it has no readable cgroup.procs",
          "find the group of a process with: cat /proc/PID/cgroup");
    }
    Cgroup group = new Cgroup(absolute);
    if (group.processes().isEmpty()) {
      throw new TargetLostException("the control group " + absolute + " has no processes");
    }
    return group;
  }

  /** A command that was started for this and waits to be released. */
  static Target launched(Spawn child) {
    return new Launched(child);
  }

  private static void check(int pid) {
    OptionalInt process = ProcTasks.processOf(pid);
    if (process.isEmpty()) {
      throw new TargetLostException(
          "there is no process " + pid, "list the running ones with: ps -e");
    }
    if (process.getAsInt() != pid) {
      throw new UsageException(
          pid + " is a thread of process " + process.getAsInt(),
          "name the process: --pid " + process.getAsInt());
    }
    if (ProcStat.of(pid).filter(ProcStat::alive).isEmpty()) {
      throw new TargetLostException("process " + pid + " has ended (its parent has not reaped it)");
    }
  }

  private static String nameOf(int pid) {
    return ProcTasks.name(pid, pid).orElse("process");
  }

  /** Processes by number. */
  record Processes(List<Integer> pids, String name) implements Target {
    @Override
    public List<Integer> processes() {
      return pids.stream()
          .filter(pid -> ProcStat.of(pid).filter(ProcStat::alive).isPresent())
          .toList();
    }

    @Override
    public int leader() {
      return pids.getFirst();
    }
  }

  /**
   * A process and its descendants; this process is none of them, even when it was started there.
   */
  record Tree(int leader, String name) implements Target {
    @Override
    public List<Integer> processes() {
      int self = Unistd.getpid();
      return ProcTasks.tree(leader).stream()
          .filter(pid -> pid != self || pid == leader)
          .filter(pid -> ProcStat.of(pid).filter(ProcStat::alive).isPresent())
          .toList();
    }
  }

  /** A control group. */
  record Cgroup(Path folder) implements Target {
    @Override
    public List<Integer> processes() {
      try {
        List<Integer> pids = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("cgroup.procs"))) {
          pids.add(Integer.valueOf(line.strip()));
        }
        return pids;
      } catch (IOException e) {
        return List.of(); // removed: it has ended
      }
    }

    @Override
    public String name() {
      return String.valueOf(folder.getFileName());
    }

    @Override
    public int leader() {
      return processes().stream().findFirst().orElse(0);
    }

    @Override
    public boolean open() {
      return true;
    }
  }

  /** A command that whatif started. */
  record Launched(Spawn child) implements Target {
    @Override
    public List<Integer> processes() {
      return child.running() ? List.of(child.pid()) : List.of();
    }

    @Override
    public String name() {
      return child.name();
    }

    @Override
    public int leader() {
      return child.pid();
    }
  }
}
