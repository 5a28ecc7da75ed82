package dev.whatif.samples.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkout that these tests are built from. */
final class Repository {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern MODULE = Pattern.compile("<module>(.+?)</module>");

  /** The folder of a module and the package that all its packages begin with. */
  static final Map<String, String> PACKAGES =
      Map.of(
          "profiler-core", "dev.whatif.core",
          "ebpf-runtime", "dev.whatif.ebpf",
          "schedcoz", "dev.whatif.causal",
          "watchpoints", "dev.whatif.watch",
          "gpu-hooks", "dev.whatif.gpu",
          "ml-predictor", "dev.whatif.predict",
          "viewer", "dev.whatif.viewer",
          "samples", "dev.whatif.samples");

  private Repository() {}

  /** Its top folder. */
  static Path root() {
    return ROOT;
  }

  /** The folders of its modules, as the top pom lists them. */
  static List<String> modules() {
    return MODULE
        .matcher(read(ROOT.resolve("pom.xml")))
        .results()
        .map((MatchResult r) -> r.group(1))
        .toList();
  }

  /** The Java files of a part of a module, for example "src/main/java". */
  static List<Path> sources(String module, String part) {
    Path folder = ROOT.resolve(module).resolve(part);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Java files of a part of every module. */
  static List<Path> sources(String part) {
    return modules().stream().flatMap(m -> sources(m, part).stream()).toList();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
