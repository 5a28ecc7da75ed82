package dev.whatif.ebpf.map;

import dev.whatif.core.linux.Unistd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A thread that no other is ever taken for: numbers are given again, but not at the same time.
 *
 * @param tid its number
 * @param startTicks when it began, in clock ticks since the system's start ({@code /proc/TID/stat},
 *     field 22)
 */
public record ThreadIdentity(int tid, long startTicks) {

  private static final int START_FIELD = 22;
  private static final int TID_BITS = 22; // PID_MAX_LIMIT

  /** The thread with a number; empty when there is none, or only its remains. */
  public static Optional<ThreadIdentity> of(int tid) {
    try {
      String text =
          new String(Files.readAllBytes(Path.of("/proc/" + tid + "/stat")), StandardCharsets.UTF_8);
      // only the last parenthesis ends the name; the state is field 3
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      return ended
          ? Optional.empty()
          : Optional.of(new ThreadIdentity(tid, Long.parseLong(fields[START_FIELD - 3])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The calling thread, which must be one of the system's. */
  public static ThreadIdentity current() {
    try {
      Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
      return of(Integer.parseInt(self.getFileName().toString())).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first thread of this process: for a Java side that all its threads share. */
  public static ThreadIdentity process() {
    return of(Unistd.getpid()).orElseThrow();
  }

  /** Whether it is proven dead: its number is nobody's, or a younger thread's. */
  public boolean isDead() {
    return !of(tid).equals(Optional.of(this));
  }

  long packed() {
    return startTicks << TID_BITS | tid;
  }

  static ThreadIdentity unpacked(long packed) {
    return new ThreadIdentity((int) packed & (1 << TID_BITS) - 1, packed >>> TID_BITS);
  }
}
