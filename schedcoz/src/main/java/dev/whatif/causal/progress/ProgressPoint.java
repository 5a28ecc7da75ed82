package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import java.util.List;

/**
 * A progress point that counts.
 *
 * @param number by which the accounting knows it
 * @param name as the user wrote it
 * @param sites its instructions; none when it is a place of the kernel
 */
public record ProgressPoint(int number, String name, List<ProbeSite> sites) {

  /** Copies the sites. */
  public ProgressPoint {
    sites = List.copyOf(sites);
  }

  /**
   * Counts visits of a place.
   *
   * @throws UsageException when there is no such place in the target
   * @throws dev.whatif.core.failure.UnavailableException when the kernel refuses
   */
  public static ProgressPoint attach(
      Accounting accounting, TargetCode code, int number, Place place) {
    Attachment attachment = new Attachment(accounting, code, place);
    attachment.to("visit", number);
    return new ProgressPoint(number, place.text(), attachment.sites());
  }

  /** Times requests; the visits of their ends count as well. */
  public static ProgressPoint attach(
      Accounting accounting, TargetCode code, int number, LatencyPoint latency) {
    return new ProgressPoint(number, latency.name(), latency.attach(accounting, code, number));
  }
}
