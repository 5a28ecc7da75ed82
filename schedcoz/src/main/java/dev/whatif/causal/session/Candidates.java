package dev.whatif.causal.session;

import dev.whatif.causal.account.CodeCount;
import dev.whatif.core.place.CodeFile;
import dev.whatif.core.place.CodeName;
import dev.whatif.core.place.CodePoint;
import dev.whatif.core.place.TargetCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which code is worth an experiment: what samples hit most often. */
final class Candidates {

  /** More make every block so long that nothing is known within a minute. */
  private static final int MOST = 10;

  /** What takes less of the time than this is not worth making faster. */
  private static final double LEAST_SHARE = 0.01;

  private final TargetCode code;
  private final CausalOptions options;

  Candidates(TargetCode code, CausalOptions options) {
    this.code = code;
    this.options = options;
  }

  private static final class Weight {
    private final CodePoint place;
    private long samples;

    Weight(CodePoint place) {
      this.place = place;
    }
  }

  /** The regions that samples speak for, the heaviest first. */
  List<Region> of(List<CodeCount> counts) {
    Map<String, Weight> weights = new HashMap<>();
    long all = 0;
    for (CodeCount count : counts) {
      all += count.samples();
      Optional<CodeFile> file = code.file(count.device(), count.inode());
      if (file.isPresent()) {
        CodePoint place = new CodePoint(file.get(), count.offset());
        CodeName name = code.name(place.file(), place.offset());
        if (options.admits(List.of(name.object(), name.function(), name.inlined(), name.file()))) {
          weights.computeIfAbsent(name.regionOf(options.level()), n -> new Weight(place)).samples +=
              count.samples();
        }
      }
    }
    double least = all * LEAST_SHARE;
    List<Region> regions = new ArrayList<>();
    weights.entrySet().stream()
        .filter(e -> e.getValue().samples >= least)
        .sorted(Comparator.comparingLong(e -> -e.getValue().samples))
        .limit(MOST)
        .forEach(e -> {
          CodePoint place = e.getValue().place;
          regions.add(
              new Region(e.getKey(), code.rangesAt(place.file(), place.offset(), options.level())));
        });
    return regions;
  }
}
