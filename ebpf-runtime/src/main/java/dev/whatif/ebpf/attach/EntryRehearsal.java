package dev.whatif.ebpf.attach;

import dev.whatif.core.failure.UnavailableException;
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

  private static boolean done;

  /**
   * Does it unless it has been done in this JVM. What fails here is not said: it fails with the
   * target, too, or the machine was busy for a moment.
   *
   * @return whether the rehearsal has gone well
   */
  static synchronized boolean once() {
    if (!done) {
      try {
        play();
        done = true;
      } catch (UnavailableException e) {
        return false;
      }
    }
    return done;
  }

  private static void play() {
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
  }
}
