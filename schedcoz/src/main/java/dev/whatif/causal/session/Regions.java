package dev.whatif.causal.session;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.progress.ProgressPoints;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import java.util.ArrayList;
import java.util.List;

/** The code that is made faster: what the user named, or what samples hit. For one thread. */
final class Regions {

  private final Accounting accounting;
  private final TargetCode code;
  private final CausalOptions options;
  private final List<Region> regions = new ArrayList<>();

  Regions(Accounting accounting, TargetCode code, CausalOptions options) {
    this.accounting = accounting;
    this.code = code;
    this.options = options;
  }

  /**
   * Chooses them, and tells the accounting where they lie.
   *
   * @return none when no code was named, and none was found running
   * @throws UsageException when a named one does not exist, or a progress point lies in it
   */
  List<Region> choose(ProgressPoints progress) {
    List<ProbeSite> sites = progress.sites();
    for (Place place : options.regions()) {
      Region region = new Region(place.text(), code.ranges(place));
      if (sites.stream().anyMatch(region::contains)) {
        throw new UsageException(
            "progress point '%s' lies inside of region '%s', whose speed it would measure"
                .formatted(nameIn(progress, region), place.text()),
            "name a progress point that the region is a part of, not the reverse");
      }
      regions.add(region);
    }
    if (options.regions().isEmpty()) {
      for (Region region : new Candidates(code, options).of(accounting.code())) {
        if (sites.stream().noneMatch(region::contains)) {
          regions.add(region);
        }
      }
    }
    for (int i = 0; i < regions.size(); i++) {
      accounting.region(i, regions.get(i).byFile());
    }
    return List.copyOf(regions);
  }

  private static String nameIn(ProgressPoints progress, Region region) {
    return progress.all().stream()
        .filter(point -> point.sites().stream().anyMatch(region::contains))
        .findFirst()
        .orElseThrow()
        .name();
  }

  /** Code that was mapped meanwhile belongs to the regions that were named. */
  void follow() {
    for (int i = 0; i < options.regions().size(); i++) {
      Place place = options.regions().get(i);
      Region now;
      try {
        now = new Region(place.text(), code.ranges(place));
      } catch (UsageException e) {
        continue; // no process that had it is left: another may come
      }
      if (!now.equals(regions.get(i))) {
        regions.set(i, now);
        accounting.region(i, now.byFile());
      }
    }
  }
}
