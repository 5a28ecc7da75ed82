package dev.whatif.core.sample;

import dev.whatif.core.process.Mapping;
import java.util.List;

/**
 * Something that changes whose code an address is. The drain thread and the writer each keep their
 * own picture of the processes and apply the same changes at the same place between samples.
 */
sealed interface ProcessChange {

  /** A process that was there already, with what it had mapped and how its threads were called. */
  record Appeared(int pid, String name, List<Mapping> mappings, List<Named> threads)
      implements ProcessChange {}

  /** A child with a copy of its parent's mappings. */
  record Forked(int pid, int parent) implements ProcessChange {}

  /** A new thread; it has its maker's name until it is given one. */
  record Cloned(int pid, int tid, int maker) implements ProcessChange {}

  /** Code that was mapped. */
  record Mapped(int pid, Mapping mapping) implements ProcessChange {}

  /** Another program runs under this pid; nothing is mapped. */
  record Executed(int pid, String name) implements ProcessChange {}

  /** A thread (or with tid = pid the process) has a name. */
  record Named(int pid, int tid, String name) implements ProcessChange {}

  /** A thread has ended, with tid = pid the process's first one. */
  record Exited(int pid, int tid) implements ProcessChange {}
}
