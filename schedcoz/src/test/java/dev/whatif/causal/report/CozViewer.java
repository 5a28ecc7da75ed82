package dev.whatif.causal.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Coz's viewer makes of a profile, written anew from its source (Coz 0.2.2, {@code
 * viewer/ts/profile.ts}: parseLine, addThroughputMeasurement, addLatencyMeasurement,
 * getSpeedupData).
 */
final class CozViewer {

  /** By region, then point, then speedup: what the viewer draws. */
  final Map<String, Map<String, Map<Double, Double>>> drawn = new LinkedHashMap<>();

  private final Map<String, Map<String, Map<Double, Sum>>> sums = new LinkedHashMap<>();

  private static final class Sum {
    private boolean latency;
    private double delta;
    private double difference;
    private double duration;

    private double value() {
      return latency ? difference / (delta / duration) : duration / delta;
    }
  }

  private CozViewer() {}

  static CozViewer open(String profile) {
    CozViewer viewer = new CozViewer();
    Map<String, String> experiment = Map.of();
    for (String line : profile.split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      Map<String, String> fields = fields(line);
      switch (line.split("\t", -1)[0]) {
        case "startup", "shutdown", "samples", "runtime" -> {
          // the viewer ignores them
        }
        case "experiment" -> experiment = fields;
        case "throughput-point" -> viewer.throughput(experiment, fields);
        case "latency-point" -> viewer.latency(experiment, fields);
        default -> throw new IllegalArgumentException("the viewer warns of this line: " + line);
      }
    }
    viewer.draw();
    return viewer;
  }

  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String part : line.split("\t", -1)) {
      int equals = part.indexOf('=');
      if (equals >= 0) {
        fields.put(part.substring(0, equals), part.substring(equals + 1));
      }
    }
    return fields;
  }

  private Sum sum(Map<String, String> experiment, Map<String, String> point) {
    return sums.computeIfAbsent(experiment.get("selected"), k -> new LinkedHashMap<>())
        .computeIfAbsent(point.get("name"), k -> new TreeMap<>())
        .computeIfAbsent(Double.valueOf(experiment.get("speedup")), k -> new Sum());
  }

  private void throughput(Map<String, String> experiment, Map<String, String> point) {
    Sum sum = sum(experiment, point);
    sum.delta += Long.parseLong(point.get("delta"));
    sum.duration += Long.parseLong(experiment.get("duration"));
  }

  private void latency(Map<String, String> experiment, Map<String, String> point) {
    Sum sum = sum(experiment, point);
    double duration = Long.parseLong(experiment.get("duration"));
    double difference = Long.parseLong(point.get("difference"));
    sum.latency = true;
    sum.delta += Long.parseLong(point.get("arrivals"));
    sum.difference =
        (sum.difference * sum.duration + difference * duration) / (sum.duration + duration);
    sum.duration += duration;
  }

  private void draw() {
    sums.forEach((region, points) ->
        points.forEach((point, speedups) -> {
          Sum zero = speedups.get(0.0);
          if (zero == null) {
            return;
          }
          speedups.forEach((speedup, sum) -> {
            double saved = (zero.value() - sum.value()) / zero.value();
            drawn
                .computeIfAbsent(region, k -> new LinkedHashMap<>())
                .computeIfAbsent(point, k -> new TreeMap<>())
                .put(speedup, sum.latency ? -saved : saved);
          });
        }));
  }
}
