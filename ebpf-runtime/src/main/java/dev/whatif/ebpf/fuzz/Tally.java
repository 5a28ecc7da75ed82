package dev.whatif.ebpf.fuzz;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts of what was seen. For one thread. */
public final class Tally {

  private long noCode;
  private long programs;
  private long acceptedByBoth;
  private long refusedByBoth;
  private long acceptedHereOnly;
  private long refusedHereOnly;
  private final Map<FuzzEngine, Long> runs = new EnumMap<>(FuzzEngine.class);
  private final Map<Finding.Kind, Long> findings = new EnumMap<>(Finding.Kind.class);
  private final Map<String, Long> reasons = new TreeMap<>();

  Tally() {}

  void noCode() {
    noCode++;
  }

  void verdict(boolean here) {
    programs++;
    acceptedByBoth += here ? 1 : 0;
    refusedByBoth += here ? 0 : 1;
  }

  void verdict(boolean here, boolean kernel) {
    programs++;
    if (here == kernel) {
      acceptedByBoth += here ? 1 : 0;
      refusedByBoth += here ? 0 : 1;
    } else {
      acceptedHereOnly += here ? 1 : 0;
      refusedHereOnly += here ? 0 : 1;
    }
  }

  void ran(FuzzEngine engine) {
    runs.merge(engine, 1L, Long::sum);
  }

  void add(Finding finding) {
    findings.merge(finding.kind(), 1L, Long::sum);
    if (!finding.kind().isDefect()) {
      reasons.merge(general(finding.reason()), 1L, Long::sum);
    }
  }

  /** A reason without its numbers. */
  static String general(String reason) {
    return reason.replaceAll("-?(0x[0-9a-f]+|\\d+)", "N");
  }

  /** Mutants whose bytes are no instructions. */
  public long mutantsWithoutCode() {
    return noCode;
  }

  /** Programs looked at. */
  public long programs() {
    return programs;
  }

  /** Accepted by every verifier that was asked. */
  public long acceptedByBoth() {
    return acceptedByBoth;
  }

  /** Refused by every verifier that was asked. */
  public long refusedByBoth() {
    return refusedByBoth;
  }

  /** Accepted here, refused by the kernel. */
  public long acceptedHereOnly() {
    return acceptedHereOnly;
  }

  /** Refused here, accepted by the kernel. */
  public long refusedHereOnly() {
    return refusedHereOnly;
  }

  /** Runs of an engine. */
  public long runs(FuzzEngine engine) {
    return runs.getOrDefault(engine, 0L);
  }

  /** Findings of a kind. */
  public long findings(Finding.Kind kind) {
    return findings.getOrDefault(kind, 0L);
  }

  /** Findings that are defects. */
  public long defects() {
    return findings.entrySet().stream()
        .filter(e -> e.getKey().isDefect())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Why programs are refused that the kernel accepts, and how often; numbers in it are N. */
  public Map<String, Long> reasons() {
    return Map.copyOf(reasons);
  }
}
