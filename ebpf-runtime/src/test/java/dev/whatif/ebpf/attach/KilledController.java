package dev.whatif.ebpf.attach;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs {@link ControllerMain} in a JVM of its own. */
public final class KilledController {

  private static final int SIGKILL_STATUS = 128 + 9;

  private KilledController() {}

  /**
   * Lets it enter a process and die after the k-th request.
   *
   * @return whether it was killed; false when it had no k-th request and came to its end
   */
  public static boolean dies(int pid, long k) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classPath(),
            "--enable-native-access=ALL-UNNAMED",
            ControllerMain.class.getName(),
            Integer.toString(pid),
            Long.toString(k));
    try {
      Process controller = new ProcessBuilder(command).redirectErrorStream(true).start();
      try {
        String output = new String(controller.getInputStream().readAllBytes());
        if (!controller.waitFor(60, TimeUnit.SECONDS)) {
          throw new AssertionError("the controller does not end: " + output);
        }
        return switch (controller.exitValue()) {
          case SIGKILL_STATUS -> true;
          case 0 -> false;
          default -> throw new AssertionError("the controller failed: " + output);
        };
      } finally {
        controller.destroyForcibly();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Where the classes lie, the test's own and both modules'. */
  private static String classPath() {
    return Stream.of(
            "target/classes", "target/test-classes", location(dev.whatif.core.process.Tracer.class))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
