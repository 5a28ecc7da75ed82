package dev.whatif.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.recording.SampledThread;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is true of every profile, whatever was sampled. */
class ProfileProperties {

  @Property(tries = 200)
  void everySampleIsCountedOnceAndNoTotalExceedsAll(
      @ForAll @Size(max = 60)
          List<@Size(max = 8) List<@IntRange(min = 0, max = 5) Integer>> stacks) {
    ProfileCounter counter = new ProfileCounter();
    long empty = 0;
    for (int i = 0; i < stacks.size(); i++) {
      List<ProfileFrame> frames = new ArrayList<>();
      for (int f : stacks.get(i)) {
        frames.add(
            new ProfileFrame("f" + f, "object", f % 2 == 0 ? "" : "/f" + f + ".c", f, f == 5));
      }
      empty += frames.isEmpty() ? 1 : 0;
      counter.sample(
          new SampledThread(1, "p", i % 3, "t" + i % 3), counter.stack(frames, false), false);
    }
    Profile p = counter.profile();
    assertThat(p.samples()).isEqualTo(stacks.size());
    assertThat(p.withoutStack()).isEqualTo(empty);
    assertThat(p.functions().stream().mapToLong(FunctionCost::self).sum())
        .isEqualTo(p.samples() - empty);
    assertThat(p.threads().stream().mapToLong(ThreadCost::samples).sum()).isEqualTo(p.samples());
    long withLine = p.lines().stream().mapToLong(LineCost::self).sum();
    long withoutLine = p.linesUnknown().values().stream().mapToLong(Long::longValue).sum();
    assertThat(withLine + withoutLine + empty).isEqualTo(p.samples());
    for (FunctionCost f : p.functions()) {
      long holding = stacks.stream().filter(s -> s.contains(f.function().charAt(1) - '0')).count();
      assertThat(f.total()).isEqualTo(holding).isGreaterThanOrEqualTo(f.self());
    }
  }
}
