package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Bpf;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A test's code as another user or in another namespace: in a JVM of its own. */
final class OtherJvm {

  private OtherJvm() {}

  /** What runs a class that needs nothing but the two modules. */
  static List<String> command(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(
                    File.pathSeparator,
                    location(main),
                    location(KernelMap.class),
                    location(Bpf.class)),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
