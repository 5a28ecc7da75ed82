package dev.whatif.core.sample;

import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The processes of a target as of one moment of the merged records. Confined to one thread.
 *
 * <p>A process that has ended is kept for a while (its last samples may follow the record of its
 * end), so that a target that forks without end does not fill the memory.
 */
final class ProcessTable {

  private static final int ENDED_KEPT = 256;

  private final Map<Integer, TrackedProcess> processes = new HashMap<>();
  private final Deque<TrackedProcess> ended = new ArrayDeque<>();
  private int layouts;

  /** One process. */
  static final class TrackedProcess {
    private final AddressSpace space;
    private final Map<Integer, String> threadNames = new HashMap<>();
    private String name;
    private int layout;
    private boolean ended;

    private TrackedProcess(AddressSpace space, String name, int layout) {
      this.space = space;
      this.name = name;
      this.layout = layout;
    }

    AddressSpace space() {
      return space;
    }

    /** The same number means: the same addresses show the same files. */
    int layout() {
      return layout;
    }

    /** The name of its first thread. */
    String name() {
      return name;
    }

    String threadName(int tid) {
      return threadNames.getOrDefault(tid, name);
    }
  }

  /** The process of a sample; one that nobody has reported is empty and without a name. */
  TrackedProcess process(int pid) {
    TrackedProcess known = processes.get(pid);
    if (known == null) {
      known = new TrackedProcess(new AddressSpace(pid), "", ++layouts);
      processes.put(pid, known);
    }
    return known;
  }

  /** Whether it was reported, or asked for. */
  boolean knows(int pid) {
    return processes.containsKey(pid);
  }

  /** Those whose end was not reported. */
  List<Integer> alive() {
    return processes.entrySet().stream()
        .filter(e -> !e.getValue().ended)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Processes that are kept. */
  int size() {
    return processes.size();
  }

  /** Takes over a change. */
  void apply(ProcessChange change) {
    switch (change) {
      case ProcessChange.Appeared(var pid, var name, var mappings, var threads) -> {
        TrackedProcess p = new TrackedProcess(new AddressSpace(pid), name, ++layouts);
        mappings.forEach(p.space::map);
        threads.forEach(t -> p.threadNames.put(t.tid(), t.name()));
        processes.put(pid, p);
      }
      case ProcessChange.Forked(var pid, var parent) -> {
        TrackedProcess from = process(parent);
        processes.put(pid, new TrackedProcess(from.space.fork(pid), from.name, from.layout));
      }
      case ProcessChange.Cloned(var pid, var tid, var maker) -> {
        TrackedProcess p = process(pid);
        String name = p.threadNames.get(maker);
        if (name != null) {
          p.threadNames.put(tid, name);
        }
      }
      case ProcessChange.Mapped(var pid, Mapping mapping) -> {
        TrackedProcess p = process(pid);
        p.space.map(mapping);
        p.layout = ++layouts;
      }
      case ProcessChange.Executed(var pid, var name) -> {
        TrackedProcess p = process(pid);
        p.space.clear();
        p.threadNames.clear();
        p.name = name;
        p.layout = ++layouts;
      }
      case ProcessChange.Named(var pid, var tid, var name) -> {
        TrackedProcess p = process(pid);
        p.threadNames.put(tid, name);
        if (tid == pid) {
          p.name = name;
        }
      }
      case ProcessChange.Exited(var pid, var tid) -> {
        TrackedProcess p = process(pid);
        if (tid == pid) {
          p.ended = true;
          ended.addLast(p);
          if (ended.size() > ENDED_KEPT) {
            TrackedProcess oldest = ended.removeFirst();
            processes.remove(oldest.space.pid(), oldest);
          }
        }
      }
    }
  }
}
