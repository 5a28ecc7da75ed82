package dev.whatif.core.x86;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Instructions that not every x86-64 CPU has, by the names of {@code /proc/cpuinfo}. */
public enum CpuFeature {
  /** andn, bextr, blsr and others. */
  BMI1,
  /** Shifts by any register and without flags, rorx, mulx. */
  BMI2;

  /** Those that this machine has; none when that cannot be found out. */
  public static Set<CpuFeature> ofThisMachine() {
    EnumSet<CpuFeature> found = EnumSet.noneOf(CpuFeature.class);
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      List<String> flags =
          lines
              .filter(l -> l.startsWith("flags"))
              .findFirst()
              .map(l -> Arrays.asList(l.split("\\s+")))
              .orElse(List.of());
      for (CpuFeature feature : values()) {
        if (flags.contains(feature.name().toLowerCase(Locale.ROOT))) {
          found.add(feature);
        }
      }
    } catch (IOException e) {
      return Set.of();
    }
    return Set.copyOf(found);
  }
}
