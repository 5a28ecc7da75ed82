package dev.whatif.causal.backend;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.Levels;
import dev.whatif.causal.account.PauseTable;
import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.attach.Injector;
import dev.whatif.ebpf.attach.InstalledHandler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Delays by a signal whose handler sleeps to a deadline. The handler is put into every process in
 * scope; children that are forked afterwards have it from their parents. The signals are sent by
 * the kernel's accounting.
 */
public final class SignalBackend implements DelayBackend {

  private final Accounting accounting;
  private final PauseTable table;
  private final Map<Integer, Injector> entered = new LinkedHashMap<>();
  private final Map<Integer, String> refusals = new HashMap<>();

  /** Nobody is entered yet. */
  public SignalBackend(Accounting accounting) {
    this.accounting = accounting;
    this.table = accounting.pauses();
  }

  @Override
  public String name() {
    return "signal";
  }

  @Override
  public void follow() {
    Map<Integer, Long> handlers = new HashMap<>();
    for (Levels.Level level : accounting.levels().all()) {
      handlers.merge(level.pid(), level.handler(), Math::max);
    }
    forget(handlers.keySet());
    handlers.forEach((pid, handler) -> {
      if (handler == 0 && !refusals.containsKey(pid)) {
        enter(pid);
      }
    });
  }

  /** Processes that have ended; their numbers will be used again. */
  private void forget(Set<Integer> alive) {
    refusals.keySet().retainAll(alive);
    entered
        .entrySet()
        .removeIf(e -> {
          if (alive.contains(e.getKey())) {
            return false;
          }
          e.getValue().close();
          return true;
        });
  }

  private void enter(int pid) {
    Injector before = entered.remove(pid);
    if (before != null) {
      before.close(); // it has executed another program
    }
    Injector injector = null;
    try {
      injector = Injector.enter(pid);
      long address = injector.passMap(table.map().fd(), table.bytes()).address();
      InstalledHandler handler = injector.install(new DelayingCode(table, address));
      entered.put(pid, injector);
      accounting.levels().handler(pid, handler.address(), handler.signal());
    } catch (TargetLostException e) {
      closeQuietly(injector);
    } catch (WhatifException e) {
      refusals.put(pid, String.valueOf(e.getMessage()));
      closeQuietly(injector);
    }
  }

  private static void closeQuietly(@org.jspecify.annotations.Nullable Injector injector) {
    if (injector != null) {
      try {
        injector.close();
      } catch (WhatifException e) {
        // the next entry removes what is left
      }
    }
  }

  @Override
  public Map<Integer, String> refusals() {
    return Map.copyOf(refusals);
  }

  @Override
  public void close() {
    accounting.end();
    for (int pid : accounting.levels().processes()) {
      accounting.levels().handler(pid, 0, 0);
    }
    entered.values().forEach(SignalBackend::closeQuietly);
    entered.clear();
    clearHeirs();
  }

  /** Who was forked from a process that we were in has its handler and its mappings. */
  private void clearHeirs() {
    Set<Integer> seen = new HashSet<>();
    boolean news = true;
    while (news) {
      news = false;
      for (int pid : accounting.levels().processes()) {
        if (seen.add(pid)) {
          news |= clear(pid);
        }
      }
    }
  }

  private static boolean clear(int pid) {
    try {
      if (!Injector.hasTraces(pid)) {
        return false;
      }
      Injector.enter(pid).close();
    } catch (WhatifException e) {
      return true; // it has ended, or nobody may enter it any more
    }
    return true;
  }
}
