package dev.whatif.causal.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.experiment.Latencies;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Requests find their ends. */
class RequestsTest {

  private static final int RDI = 5;
  private static final int RSI = 4;
  private static final int EACH = 1000;
  private static final int NEVER_BEGUN = 2 * EACH / 20 * 2;

  private static LatencyCount timed(RequestKey begin, RequestKey end) {
    try (Obedient program = Obedient.start("requests.c");
        Accounting accounting = Accounting.start(AccountingOptions.DEFAULT)) {
      accounting.admit(program.pid());
      int point = 3;
      accounting.key(10, begin);
      accounting.key(11, end);
      program.attach(accounting, "begin_instruction", "begins", 10 << 16 | point);
      program.attach(accounting, "end_instruction", "ends", 11 << 16 | point);
      accounting.begin(-1, 0, 0);
      program.ask("" + EACH);
      LatencyCount seen = accounting.latencies(point);
      assertThat(accounting.visits(point).count()).isEqualTo(2 * EACH + NEVER_BEGUN);
      assertThat(seen.virtual().buckets().stream().mapToLong(n -> n).sum())
          .isEqualTo(seen.virtual().count());
      return seen;
    }
  }

  private static void allArePaired(LatencyCount seen) {
    assertThat(seen.virtual().count()).isEqualTo(2 * EACH);
    assertThat(seen.virtual().unpaired()).isEqualTo(NEVER_BEGUN);
    assertThat(seen.virtual().totalNanos())
        .as("nobody was delayed")
        .isPositive()
        .isEqualTo(seen.wall().totalNanos());
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
  void byAnArgument() {
    RequestKey number = new RequestKey(RequestKey.Kind.REGISTER, RSI, 0, 8, false);
    allArePaired(timed(number, number));
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
  void byWhatAnArgumentPointsTo() {
    RequestKey key = new RequestKey(RequestKey.Kind.MEMORY, RDI, 16, 4, true);
    // both threads use the same numbers: an end may find the other's begin, but never a third
    LatencyCount seen = timed(key, key);
    assertThat(seen.virtual().count() + seen.virtual().unpaired())
        .isEqualTo(2 * EACH + NEVER_BEGUN);
    assertThat(seen.virtual().unpaired()).isGreaterThanOrEqualTo(NEVER_BEGUN);
    assertThat(seen.virtual().count()).isGreaterThanOrEqualTo(EACH);
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
  void byTheThreadTheLaterBeginCounts() {
    LatencyCount seen = timed(RequestKey.THREAD, RequestKey.THREAD);
    assertThat(seen.virtual().count()).as("of two open ones the later").isEqualTo(EACH);
    assertThat(seen.virtual().unpaired()).isEqualTo(EACH + NEVER_BEGUN);
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
  void byAConstantTheProcessIsTheKey() {
    RequestKey key = new RequestKey(RequestKey.Kind.CONSTANT, -1, -7, 4, true);
    LatencyCount seen = timed(key, key);
    assertThat(seen.virtual().count()).isBetween(EACH / 2L, (long) EACH + EACH / 2);
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF, Requirement.GCC})
  void differentKeysMeetNever() {
    LatencyCount seen =
        timed(
            new RequestKey(RequestKey.Kind.REGISTER, RSI, 0, 8, false),
            new RequestKey(RequestKey.Kind.CONSTANT, -1, 123456789, 8, false));
    assertThat(seen.virtual().count()).isZero();
    assertThat(seen.virtual().unpaired()).isEqualTo(2 * EACH + NEVER_BEGUN);
  }

  /** The kernel's histogram and ours: the C function itself, compiled for this machine. */
  @Test
  @Requires(Requirement.GCC)
  void bucketsAreTheSameOnBothSides() throws IOException {
    String header = Files.readString(Path.of("src", "main", "bpf", "latency.h"));
    Matcher function = Pattern.compile("(?s)INLINE __u32 bucket\\(.*?\n}\n").matcher(header);
    Matcher sizes = Pattern.compile("enum \\{ REQUESTS = .*?;\n").matcher(header);
    assertThat(function.find() && sizes.find()).isTrue();
    Path folder = Programs.folder("bucket");
    Path source =
        Files.writeString(
            folder.resolve("bucket.c"),
            """
            #include <stdio.h>
            #define INLINE static inline
            typedef unsigned int __u32;
            typedef unsigned long long __u64;
            %s
            %s
            int main(void) {
              __u64 nanos;
              while (scanf("%%llu", &nanos) == 1) printf("%%u\\n", bucket(nanos));
            }
            """
                .formatted(sizes.group(), function.group()));
    Path program = folder.resolve("bucket");
    Programs.run("gcc", "-O2", "-o", program.toString(), source.toString());
    Random random = new Random(1);
    long[] durations =
        LongStream.concat(
                LongStream.range(0, 63)
                    .flatMap(
                        power -> LongStream.of((1L << power) - 1, 1L << power, (1L << power) + 1)),
                random.longs(20_000).map(r -> (r & Long.MAX_VALUE) >>> random.nextInt(63)))
            .toArray();
    Path numbers =
        Files.writeString(
            folder.resolve("numbers"),
            LongStream.of(durations).mapToObj(Long::toString).collect(Collectors.joining("\n")));
    long[] theirs =
        Programs.run("sh", "-c", program + " < " + numbers)
            .lines()
            .mapToLong(Long::parseLong)
            .toArray();
    assertThat(theirs).isEqualTo(LongStream.of(durations).map(Latencies::bucket).toArray());
  }
}
