package dev.whatif.core.process;

import dev.whatif.core.linux.SpawnHeader;
import java.time.Duration;
import java.util.List;

/**
 * A stop of a process that does not matter, before the first one that does: everything that a stop
 * calls is loaded, linked and has run, so that the target does not wait for that.
 *
 * <p>The process is a shell that waits to be released into a program it never starts.
 */
final class Rehearsal {

  private static final int ROUNDS = 30;

  private Rehearsal() {}

  private static final class Held {
    static final boolean DONE = play();
  }

  /** Does it unless it has been done in this JVM. */
  static boolean once() {
    return Held.DONE;
  }

  private static boolean play() {
    Spawn held = Spawn.held(List.of("/bin/sh"), SpawnHeader.Files.INHERITED);
    try (Tracer tracer = Tracer.unrehearsed(held.pid())) {
      for (int i = 0; i < ROUNDS; i++) {
        tracer.stopAll(stopped -> {
          for (StoppedThread t : stopped.threads()) {
            t.setRegisters(t.registers());
            t.setSignalMask(t.signalMask());
            byte[] code = new byte[2];
            stopped.read(t.registers().rip(), code);
            stopped.write(t.registers().rip(), code);
            t.inRestartableSequence();
          }
          return stopped.stoppedFor();
        });
      }
    } finally {
      held.stop(Duration.ZERO);
    }
    return true;
  }
}
