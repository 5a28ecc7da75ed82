package dev.whatif.causal.progress;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.RequestKey;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** Both ends, at no place yet. */
  List<ProgressPoint.End> ends(Accounting accounting, int number) {
    return List.of(
        new KeyedEnd(accounting, number, begin, key.begin(), "begin", 2 * number),
        new KeyedEnd(accounting, number, until, key.end(), "end", 2 * number + 1));
  }

  private static final class KeyedEnd implements ProgressPoint.End {

    private final Accounting accounting;
    private final Place place;
    private final int argument;
    private final int keyNumber;
    private final Attachment attachment;
    private @Nullable RequestKey key;

    KeyedEnd(
        Accounting accounting,
        int number,
        Place place,
        int argument,
        String program,
        int keyNumber) {
      this.accounting = accounting;
      this.place = place;
      this.argument = argument;
      this.keyNumber = keyNumber;
      this.attachment =
          new Attachment(accounting, place, program, (long) keyNumber << KEY_SHIFT | number);
    }

    @Override
    public void attach(TargetCode code) {
      List<ProbeSite> found = attachment.find(code);
      RequestKey here = keyOf(place, found, argument);
      if (key == null) {
        key = here;
        accounting.key(keyNumber, here);
      }
      if (key.equals(here)) {
        attachment.attach(found);
      }
    }

    @Override
    public List<ProbeSite> sites() {
      return attachment.sites();
    }

    @Override
    public Set<VisitCost.Kind> kinds() {
      return attachment.kinds();
    }
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
