package dev.whatif.core.command;

import dev.whatif.core.failure.UsageException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How every command names its target; a picocli mixin. */
public final class TargetOptions {

  @Option(
      names = {"-p", "--pid"},
      paramLabel = "PID",
      split = ",",
      description = "target: these processes, and children they make from now on")
  List<Integer> pids = new ArrayList<>();

  @Option(
      names = "--tree",
      paramLabel = "PID",
      description = "target: a process with all its children")
  @Nullable Integer tree;

  @Option(
      names = "--cgroup",
      paramLabel = "PATH",
      description = "target: a control group, absolute or below /sys/fs/cgroup")
  @Nullable Path cgroup;

  @Option(names = "--leave", description = "at the end leave a launched command running")
  boolean leave;

  @Parameters(
      paramLabel = "COMMAND",
      description = "target: a command to launch, with its arguments, after --",
      arity = "0..*")
  List<String> command = new ArrayList<>();

  /** For picocli. */
  public TargetOptions() {}

  /**
   * The target that was named; a launched command is held and must be released.
   *
   * @param files of a launched command
   * @throws UsageException when none or more than one is named
   */
  public Target resolve(SpawnHeader.Files files) {
    int named =
        (pids.isEmpty() ? 0 : 1)
            + (tree == null ? 0 : 1)
            + (cgroup == null ? 0 : 1)
            + (command.isEmpty() ? 0 : 1);
    if (named != 1) {
      throw new UsageException(
          named == 0 ? "no target is named" : "more than one kind of target is named",
          "name it by --pid N, --tree N, --cgroup PATH, or by: -- command args");
    }
    if (tree != null) {
      return Target.tree(tree);
    }
    if (cgroup != null) {
      return Target.cgroup(cgroup);
    }
    if (!command.isEmpty()) {
      return Target.launched(Spawn.held(command, files));
    }
    return Target.pids(pids.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Whether a launched command is left running at the end. */
  public boolean leave() {
    return leave;
  }
}
