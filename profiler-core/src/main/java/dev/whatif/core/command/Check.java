package dev.whatif.core.command;

import dev.whatif.core.capability.Capability;
import java.util.List;

/**
 * Rows of {@code whatif doctor}, found by {@link java.util.ServiceLoader}: what a module needs and
 * whether it is there. A check changes nothing and takes milliseconds.
 */
public interface Check {

  /** About this machine and user. */
  List<Capability> machine();

  /**
   * About one process, which may end while it is looked at.
   *
   * @throws dev.whatif.core.failure.TargetLostException when there is no such process
   */
  default List<Capability> process(int pid) {
    return List.of();
  }
}
