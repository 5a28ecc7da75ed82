package dev.whatif.ebpf.attach;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.core.process.Tracer;
import java.time.Duration;
import java.util.List;

/**
 * Entering and leaving a process that does not matter, before the first one that does: while a
 * target stands still, no class is loaded and no code runs for the first time.
 */
final class EntryRehearsal {

  private static final int ROUNDS = 5;

  private EntryRehearsal() {}

  private static final class Held {
    static final boolean DONE = play();
  }

  /** Does it unless it has been done in this JVM. */
  static boolean once() {
    return Held.DONE;
  }

  private static boolean play() {
    Spawn held = Spawn.held(List.of("/bin/sh"), SpawnHeader.Files.INHERITED);
    try {
      for (int i = 0; i < ROUNDS; i++) {
        EntryOptions options = EntryOptions.DEFAULT.with(new PauseCode());
        try (Injector injector = Injector.enter(held.pid(), options, Tracer.of(held.pid()))) {
          injector.syscalls();
        }
      }
    } finally {
      held.stop(Duration.ZERO);
    }
    return true;
  }
}
