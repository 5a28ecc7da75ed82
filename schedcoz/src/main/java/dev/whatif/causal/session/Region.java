package dev.whatif.causal.session;

import dev.whatif.causal.account.CodeRanges;
import dev.whatif.core.place.CodeRange;
import dev.whatif.core.place.ProbeSite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Code that is made faster.
 *
 * @param name of it
 * @param ranges where it lies
 */
record Region(String name, List<CodeRange> ranges) {

  Region {
    ranges = List.copyOf(ranges);
  }

  /** The same as the accounting takes it. */
  List<CodeRanges> byFile() {
    Map<CodeRanges, List<CodeRanges.Range>> files = new LinkedHashMap<>();
    for (CodeRange range : ranges) {
      CodeRanges file =
          new CodeRanges(Math.toIntExact(range.file().device()), range.file().inode(), List.of());
      files
          .computeIfAbsent(file, f -> new ArrayList<>())
          .add(new CodeRanges.Range(range.start(), range.end()));
    }
    return files.entrySet().stream()
        .map(e -> new CodeRanges(e.getKey().device(), e.getKey().inode(), e.getValue()))
        .toList();
  }

  /** Whether a progress point lies in it. */
  boolean contains(ProbeSite site) {
    return ranges.stream()
        .anyMatch(r ->
            r.file().device() == site.file().device()
                && r.file().inode() == site.file().inode()
                && r.start() <= site.offset()
                && site.offset() < r.end());
  }

  /** Where it lies, for people. */
  String code() {
    return ranges.stream()
        .limit(MOST_SHOWN)
        .map(r -> String.format(Locale.ROOT, "%s+0x%x-0x%x", r.file().object(), r.start(), r.end()))
        .collect(Collectors.joining(" "));
  }

  private static final int MOST_SHOWN = 20;
}
