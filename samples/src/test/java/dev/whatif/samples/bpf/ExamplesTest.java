package dev.whatif.samples.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.command.Main;
import dev.whatif.ebpf.kernel.KernelLoader;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.LoadOptions;
import dev.whatif.ebpf.kernel.LoadedObject;
import dev.whatif.ebpf.kernel.MapEntries;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The committed examples are what their sources say, and count what happens. */
class ExamplesTest {

  private static final Path FOLDER = Path.of("src", "main", "bpf");

  private static BpfObject example(String name) {
    return BpfObject.open(FOLDER.resolve(name + ".bpf.o"));
  }

  private static List<Path> objects(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".bpf.o")).sorted().toList();
    }
  }

  @Test
  @Requires({Requirement.CLANG_19, Requirement.LLVM_19})
  void compilingTheSourcesGivesTheCommittedBytes(@TempDir Path elsewhere) throws IOException {
    Programs.run(FOLDER.resolve("build").toAbsolutePath().toString(), elsewhere.toString());
    assertThat(objects(FOLDER)).hasSizeGreaterThan(3).hasSameSizeAs(objects(elsewhere));
    for (Path committed : objects(FOLDER)) {
      Path compiled = elsewhere.resolve(committed.getFileName());
      assertThat(compiled)
          .as(committed + ": after a change of its source run mvn -N -Pbpf generate-resources")
          .hasSameBinaryContentAs(committed);
    }
  }

  /** Counts of this thread against the kernel's own, while it sleeps a hundred times. */
  @ParameterizedTest
  @EnumSource(LoadOptions.Relocation.class)
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF})
  void switchesAreThoseThatTheKernelCounts(LoadOptions.Relocation relocation) throws IOException {
    try (LoadedObject loaded =
        KernelLoader.load(example("switches"), LoadOptions.DEFAULT.with(relocation))) {
      loaded.attachAll();
      long voluntary = switches("voluntary_ctxt_switches");
      long involuntary = switches("nonvoluntary_ctxt_switches");
      ByteBuffer before = counts(loaded.map("threads"));
      for (int i = 0; i < 100; i++) {
        LockSupport.parkNanos(1_000_000);
      }
      long slept = switches("voluntary_ctxt_switches") - voluntary;
      long forced = switches("nonvoluntary_ctxt_switches") - involuntary;
      ByteBuffer after = counts(loaded.map("threads"));
      // one may fall between the two looks
      assertThat(after.getLong(0) - before.getLong(0)).isBetween(slept - 1, slept + 1);
      assertThat(slept).isGreaterThanOrEqualTo(99);
      assertThat(after.getLong(8) - before.getLong(8)).isBetween(forced - 2, forced + 2);
      byte[] name = new byte[16];
      after.position(16).get(name);
      assertThat(new String(name, java.nio.charset.StandardCharsets.US_ASCII).trim())
          .isEqualTo(Files.readString(Path.of("/proc/thread-self/comm")).trim());
    }
  }

  private static long switches(String name) throws IOException {
    String status = Files.readString(Path.of("/proc/thread-self/status"));
    Matcher m = Pattern.compile("(?m)^" + name + ":\\s+(\\d+)$").matcher(status);
    assertThat(m.find()).isTrue();
    return Long.parseLong(m.group(1));
  }

  private static ByteBuffer counts(KernelMap map) throws IOException {
    int thread = Integer.parseInt(Path.of("/proc/thread-self").toRealPath().getFileName() + "");
    byte[] key = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(thread).array();
    return map.lookup(key)
        .map(v -> ByteBuffer.wrap(v).order(ByteOrder.LITTLE_ENDIAN))
        .orElseGet(() -> ByteBuffer.allocate(32));
  }

  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(java.util.Arrays.copyOf(bytes, 8))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong();
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF})
  void waitsForACpuAreCounted() {
    try (LoadedObject loaded = KernelLoader.load(example("runqlat"), LoadOptions.DEFAULT)) {
      loaded.attachAll();
      for (int i = 0; i < 200; i++) {
        LockSupport.parkNanos(500_000);
      }
      List<MapEntries.Entry> waits = MapEntries.of(loaded.map("waits_by_log2_nanos"));
      // each of our sleeps ends in a wait, however short
      assertThat(waits.stream().mapToLong(e -> number(e.value())).sum()).isGreaterThan(190);
      assertThat(waits)
          .as("from a hundred nanoseconds to a minute")
          .allSatisfy(e -> assertThat(number(e.key())).isBetween(6L, 36L));
    }
  }

  @Test
  @Requires({Requirement.ROOT, Requirement.KERNEL_BTF})
  void systemCallsAreCountedByNumber() throws IOException {
    try (LoadedObject loaded = KernelLoader.load(example("syscalls"), LoadOptions.DEFAULT)) {
      loaded.attachAll();
      Path folder = Programs.folder("calls");
      int mkdir = 83;
      int rmdir = 84;
      byte[] key = {(byte) mkdir, 0, 0, 0};
      long before = loaded.map("calls_by_number").lookup(key).map(v -> number(v)).orElse(0L);
      for (int i = 0; i < 500; i++) {
        Files.delete(Files.createDirectory(folder.resolve("made")));
      }
      assertThat(loaded.map("calls_by_number").lookup(key).map(v -> number(v)).orElse(0L) - before)
          .isBetween(500L, 700L);
      key[0] = (byte) rmdir;
      assertThat(loaded.map("calls_by_number").lookup(key).map(v -> number(v)).orElse(0L))
          .isPositive();
    }
  }

  /** The line that stands in the example's source. */
  @Test
  @Requires(Requirement.ROOT)
  void aPingIsAnswered() throws IOException {
    String source = Files.readString(FOLDER.resolve("echo.bpf.c"));
    Matcher ping = Pattern.compile("--mem \\\\\n// +([0-9a-f]{84})\n").matcher(source);
    assertThat(ping.find()).isTrue();
    StringWriter out = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    String object = FOLDER.resolve("echo.bpf.o").toString();
    assertThat(line.execute("bpf", "run", object, "--mem", ping.group(1))).isZero();
    assertThat(out.toString())
        .contains("returned   3 (0x3, XDP_TX)")
        .contains("0000  02 00 00 00 00 01 02 00 00 00 00 02 08 00 45 00")
        .contains("0020  00 01 00 00 ff fd 00 01 00 01");
  }
}
