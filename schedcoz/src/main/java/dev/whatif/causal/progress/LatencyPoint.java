package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.RequestKey;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import java.util.List;

/**
 * A pair of places between which requests are timed, in virtual time.
 *
 * @param begin where a request begins
 * @param until where it ends
 * @param key how the two find each other
 */
public record LatencyPoint(Place begin, Place until, LatencyKey key) {

  /** Of arguments 1 to 6 (System V ABI 3.2.3), in DWARF's numbers. */
  private static final List<Integer> ARGUMENTS = List.of(5, 4, 1, 2, 8, 9);

  private static final int KEY_SHIFT = 16;

  /** What it is called in results. */
  public String name() {
    return begin.text() + " until " + until.text();
  }

  /**
   * Attaches both ends.
   *
   * @param number of the point in the accounting
   * @return the sites of both
   * @throws UsageException when there is no such place in the target
   */
  public List<ProbeSite> attach(Accounting accounting, TargetCode code, int number) {
    List<ProbeSite> begins = end(accounting, code, number, begin, key.begin(), "begin", 2 * number);
    List<ProbeSite> ends = end(accounting, code, number, until, key.end(), "end", 2 * number + 1);
    return java.util.stream.Stream.concat(begins.stream(), ends.stream()).toList();
  }

  private static List<ProbeSite> end(
      Accounting accounting,
      TargetCode code,
      int number,
      Place place,
      int argument,
      String program,
      int keyNumber) {
    Attachment attachment = new Attachment(accounting, code, place);
    List<ProbeSite> sites = attachment.sites();
    accounting.key(keyNumber, keyOf(place, sites, argument));
    attachment.to(program, (long) keyNumber << KEY_SHIFT | number);
    return sites;
  }

  private static RequestKey keyOf(Place place, List<ProbeSite> sites, int argument) {
    if (argument == 0) {
      return RequestKey.THREAD;
    }
    if (place instanceof Place.Usdt) {
      List<RequestKey> keys =
          sites.stream()
              .map(s -> UsdtArguments.argument(place.text(), s.arguments(), argument))
              .distinct()
              .toList();
      if (keys.size() != 1) {
        throw new UsageException(
            "argument %d of %s is kept in different places at its %d sites"
                .formatted(argument, place.text(), sites.size()),
            "choose another key, or leave out --latency-key to pair by thread");
      }
      return keys.getFirst();
    }
    if (place instanceof Place.Function || place instanceof Place.Unnamed) {
      return new RequestKey(
          RequestKey.Kind.REGISTER, ARGUMENTS.get(argument - 1), 0, Long.BYTES, false);
    }
    throw new UsageException(
        "%s has no arguments that could tell requests apart".formatted(place.text()),
        "name functions or static probes, or leave out --latency-key to pair by thread");
  }
}
