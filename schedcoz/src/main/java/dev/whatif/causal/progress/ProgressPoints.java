package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All progress points of a run: first those that count, then those that time. For one thread. */
public final class ProgressPoints {

  /** {@code POINTS} of visit.h, without the one that visits are tried out at. */
  public static final int MOST = 15;

  private final Accounting accounting;
  private final List<Place> counted;
  private final List<LatencyPoint> timed;
  private final List<ProgressPoint> points = new ArrayList<>();

  /** None of them is attached yet; at most {@value #MOST}. */
  public ProgressPoints(Accounting accounting, List<Place> counted, List<LatencyPoint> timed) {
    this.accounting = accounting;
    this.counted = List.copyOf(counted);
    this.timed = List.copyOf(timed);
  }

  /**
   * Attaches those that are not attached yet; to be repeated when one is missing because its
   * library was not loaded.
   *
   * @throws UsageException when there is no such place in the target
   * @throws dev.whatif.core.failure.UnavailableException when the kernel refuses
   */
  public void attach(TargetCode code) {
    while (points.size() < counted.size()) {
      int number = points.size();
      points.add(ProgressPoint.attach(accounting, code, number, counted.get(number)));
    }
    while (points.size() < counted.size() + timed.size()) {
      int number = points.size();
      LatencyPoint latency = timed.get(number - counted.size());
      points.add(ProgressPoint.attach(accounting, code, number, latency));
    }
  }

  /** Attaches them in code that was mapped meanwhile, too. */
  public void follow(TargetCode code) {
    points.forEach(point -> point.follow(code));
  }

  /** Those that are attached, by their numbers. */
  public List<ProgressPoint> all() {
    return List.copyOf(points);
  }

  /** How many of them, at the end, time requests. */
  public int timed() {
    return timed.size();
  }

  /** Their instructions. */
  public List<ProbeSite> sites() {
    return points.stream().flatMap(point -> point.sites().stream()).toList();
  }

  /** The first one that was not visited since counting began. */
  public Optional<ProgressPoint> unvisited() {
    return points.stream()
        .filter(point -> accounting.visits(point.number()).count() == 0)
        .findFirst();
  }
}
