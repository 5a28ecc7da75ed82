package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A progress point that counts. For one thread. */
public final class ProgressPoint {

  private final int number;
  private final String name;
  private final List<End> ends;

  private ProgressPoint(int number, String name, List<End> ends) {
    this.number = number;
    this.name = name;
    this.ends = ends;
  }

  /** A program at a place: a point has one, or two between which it times. */
  interface End {

    /**
     * Attaches it wherever the target has its place now and it does not run yet.
     *
     * @throws UsageException when there is no such place
     */
    void attach(TargetCode code);

    List<ProbeSite> sites();

    Set<VisitCost.Kind> kinds();
  }

  /**
   * Counts visits of a place.
   *
   * @throws UsageException when there is no such place in the target
   * @throws dev.whatif.core.failure.UnavailableException when the kernel refuses
   */
  public static ProgressPoint attach(
      Accounting accounting, TargetCode code, int number, Place place) {
    Attachment attachment = new Attachment(accounting, place, "visit", number);
    End end =
        new End() {
          @Override
          public void attach(TargetCode now) {
            attachment.attach(attachment.find(now));
          }

          @Override
          public List<ProbeSite> sites() {
            return attachment.sites();
          }

          @Override
          public Set<VisitCost.Kind> kinds() {
            return attachment.kinds();
          }
        };
    return attached(new ProgressPoint(number, place.text(), List.of(end)), code);
  }

  /** Times requests; the visits of their ends count as well. */
  public static ProgressPoint attach(
      Accounting accounting, TargetCode code, int number, LatencyPoint latency) {
    return attached(
        new ProgressPoint(number, latency.name(), latency.ends(accounting, number)), code);
  }

  private static ProgressPoint attached(ProgressPoint point, TargetCode code) {
    point.ends.forEach(end -> end.attach(code));
    return point;
  }

  /** By which the accounting knows it. */
  public int number() {
    return number;
  }

  /** As the user wrote it. */
  public String name() {
    return name;
  }

  /** Its instructions; none when it is a place of the kernel. */
  public List<ProbeSite> sites() {
    return ends.stream().flatMap(end -> end.sites().stream()).toList();
  }

  /** What its instructions are to the kernel. */
  Set<VisitCost.Kind> kinds() {
    return ends.stream().flatMap(end -> end.kinds().stream()).collect(Collectors.toSet());
  }

  /** Attaches it in code that was mapped meanwhile, too. */
  public void follow(TargetCode code) {
    for (End end : ends) {
      try {
        end.attach(code);
      } catch (UsageException e) {
        // what it is attached to was unmapped, or another file has the name differently
      }
    }
  }
}
