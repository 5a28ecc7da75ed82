package dev.whatif.samples.redis;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a temporary server would leave behind, a process and a folder, and the promise to take both
 * away: when asked, or when the JVM ends, whichever comes first. The promise is made before there
 * is anything to leave. Thread-safe.
 */
final class Leftovers {

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final Path folder;
  private final CountDownLatch removed = new CountDownLatch(1);
  private final Thread atExit = Thread.ofPlatform().name("redis-stop").unstarted(this::atExit);
  private volatile Duration shutdownPatience = Duration.ZERO;
  private @Nullable Spawn process;

  /** Makes the folder. */
  Leftovers() {
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException e) {
      throw new UnavailableException("whatif is ending: nothing is started any more", null, e);
    }
    try {
      folder = Files.createTempDirectory("whatif-redis-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder for Redis", e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Starts the process, after ending one that was started before. */
  synchronized Spawn start(List<String> command, Path log) {
    if (removed.getCount() == 0) {
      throw new UnavailableException("whatif is ending: nothing is started any more");
    }
    if (process != null) {
      process.stop(Duration.ZERO);
    }
    Spawn started = Spawn.running(command, new SpawnHeader.Files(List.of(), log.toString()));
    process = started;
    return started;
  }

  /** Waits this long with the promise when the JVM ends, for somebody who is still measuring. */
  void outliveShutdown(Duration patience) {
    shutdownPatience = patience;
  }

  /** Takes everything away; again is harmless. */
  void remove() {
    removeNow();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs too, and finds nothing left to do.
    }
  }

  private synchronized void removeNow() {
    if (process != null) {
      process.stop(STOP_PATIENCE);
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Deleted meanwhile, or not ours any more: nothing that could be done about it.
    }
    removed.countDown();
  }

  private void atExit() {
    try {
      if (!removed.await(shutdownPatience.toMillis(), TimeUnit.MILLISECONDS)) {
        removeNow();
      }
    } catch (InterruptedException e) {
      removeNow();
    }
  }
}
