package dev.whatif.core.report;

import dev.whatif.core.recording.Environment;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says, once for each object that matters, why its names or lines are missing and what helps. */
final class MissingNames {

  /** What the symbolizer calls memory that shows no file. */
  private static final String MADE_AT_RUN_TIME = "[anon]";

  private static final String INSTALL =
      "install its debug symbols (-dbg, -dbgsym or -debuginfo package) or build it with -g";

  private static final int MOST_OBJECTS = 3;

  private MissingNames() {}

  /** A sentence for each of the few objects with at least a hundredth of the samples. */
  static List<String> notes(Map<String, String> environment, Profile profile) {
    return profile.linesUnknown().entrySet().stream()
        .filter(e -> profile.percent(e.getValue()) >= 1)
        .filter(e -> isMissed(e.getKey(), environment))
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_OBJECTS)
        .map(e -> note(e.getKey(), profile.percent(e.getValue()), environment))
        .toList();
  }

  /** Nobody expects lines of what a perf map names, or of a kernel whose names are known. */
  private static boolean isMissed(String object, Map<String, String> environment) {
    if (object.equals(MADE_AT_RUN_TIME)) {
      return true;
    }
    boolean perfMap = object.startsWith("perf-") && object.endsWith(".map");
    boolean ofKernel = object.startsWith("[");
    return !perfMap && (!ofKernel || environment.containsKey(Environment.MISSING_SYMBOLS + object));
  }

  private static String note(String object, double percent, Map<String, String> environment) {
    if (object.equals(MADE_AT_RUN_TIME)) {
      return String.format(
          Locale.ROOT,
          "no names for code made at run time (%.1f%%): before recording, start node with"
              + " --perf-basic-prof, or run jcmd PID Compiler.perfmap for a JVM",
          percent);
    }
    return String.format(
        Locale.ROOT,
        "no lines for %s (%.1f%%): %s",
        Terminal.clean(object),
        percent,
        Terminal.clean(environment.getOrDefault(Environment.MISSING_SYMBOLS + object, INSTALL)));
  }
}
