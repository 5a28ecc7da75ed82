package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.TargetLostException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.isa.AtomicOperator;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.isa.Width;
import dev.whatif.ebpf.object.AttachType;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Requires({Requirement.ROOT, Requirement.BPF, Requirement.GCC})
class KernelLinkTest {

  private static final byte[] FIRST = new byte[4];

  private final KernelMap counter = KernelMap.create(new MapSpec("count", MapType.ARRAY, 4, 8, 1));

  @AfterEach
  void close() {
    counter.close();
  }

  private KernelProgram counting(ProgramType type, int attachType) {
    byte[] code =
        Code.build(b ->
                b.loadMapValue(Register.R1, counter.fd(), 0)
                    .move(Register.R2, 1)
                    .add(
                        new Instruction.Atomic(
                            Width.W64, AtomicOperator.ADD, Register.R1, (short) 0, Register.R2))
                    .move(Register.R0, 0)
                    .exit())
            .bytes();
    return KernelProgram.load(
        new ProgramSpec("counting", type, code).expectedAttachType(attachType));
  }

  private long count() {
    return ByteBuffer.wrap(counter.lookup(FIRST).orElseThrow())
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong();
  }

  private static long offset(Path program, String function) {
    return new ProbedFile(program).offsetOf(function);
  }

  @Test
  void functionsLieWhereTheSymbolTableSaysInTheFile() {
    // linked at a fixed address, the text is mapped 0x400000 above its place in the file
    Path target = Programs.compiled("probed.c", "-O1", "-no-pie");
    String line =
        Programs.run("nm", target.toString())
            .lines()
            .filter(l -> l.endsWith(" T watched"))
            .findFirst()
            .orElseThrow();
    long address = Long.parseLong(line.substring(0, 16), 16);
    assertThat(offset(target, "watched")).isEqualTo(address - 0x400000);
    assertThat(ProbedFile.of("libc.so.6").offsetOf("malloc")).isPositive();
    assertThatThrownBy(() -> offset(target, "unheard_of"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no function 'unheard_of'");
  }

  @Test
  void aRawTracepointIsWatchedUntilTheLinkIsClosed() throws InterruptedException {
    try (KernelProgram program = counting(ProgramType.RAW_TRACEPOINT, 0)) {
      KernelLink link = KernelLink.rawTracepoint(program, "sched_switch");
      Thread.sleep(Duration.ofMillis(5));
      assertThat(Programs.run("bpftool", "link", "show", "id", "" + link.id()))
          .contains("raw_tracepoint", "sched_switch");
      link.close();
      long counted = count();
      assertThat(counted).isPositive();
      Thread.sleep(Duration.ofMillis(5));
      assertThat(count()).isEqualTo(counted);
    }
  }

  @Test
  void aTracepointIsFoundAlsoWhereTracefsIsNotMounted() throws InterruptedException {
    try (KernelProgram program = counting(ProgramType.TRACEPOINT, 0);
        KernelLink link =
            KernelLink.event(program, new EventPlace.Tracepoint("sched", "sched_switch"), 0)) {
      Thread.sleep(Duration.ofMillis(5));
      assertThat(link.id()).isPositive();
      assertThat(count()).isPositive();
    }
  }

  @Test
  void aTracepointThatDoesNotExistIsNamed() {
    try (KernelProgram program = counting(ProgramType.TRACEPOINT, 0)) {
      assertThatThrownBy(() ->
              KernelLink.event(program, new EventPlace.Tracepoint("sched", "no_such"), 0).close())
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("no tracepoint sched/no_such");
    }
  }

  @Test
  void aClockRunsTheProgramOnItsCpu() throws InterruptedException {
    try (KernelProgram program = counting(ProgramType.PERF_EVENT, 0);
        KernelLink link = KernelLink.event(program, new EventPlace.CpuClock(0, 100_000), 0)) {
      Thread.sleep(Duration.ofMillis(20));
      assertThat(link.place()).contains("CPU 0");
      assertThat(count()).isPositive();
    }
  }

  @Test
  void everyCallOfAFunctionIsCounted() {
    Path target = Programs.compiled("probed.c", "-O1", "-no-pie");
    EventPlace place =
        new EventPlace.Uprobe(target.toString(), offset(target, "watched"), false, -1, 0);
    try (KernelProgram program = counting(ProgramType.KPROBE, 0);
        KernelLink link = KernelLink.event(program, place, 0)) {
      Programs.run(target.toString(), "1000");
      assertThat(count()).isEqualTo(1000);
      assertThat(link.id()).isPositive();
    }
  }

  @Test
  void everyReturnOfAFunctionIsCounted() {
    Path target = Programs.compiled("probed.c", "-O1", "-no-pie");
    EventPlace place =
        new EventPlace.Uprobe(target.toString(), offset(target, "watched"), true, -1, 0);
    try (KernelProgram program = counting(ProgramType.KPROBE, 0);
        KernelLink link = KernelLink.event(program, place, 0)) {
      Programs.run(target.toString(), "1000");
      assertThat(count()).isEqualTo(1000);
      assertThat(link.place()).startsWith("return");
    }
  }

  @Test
  void manyFunctionsAreWatchedByOneLink() {
    Path target = Programs.compiled("probed.c", "-O1", "-no-pie");
    long[] offsets = {offset(target, "watched"), offset(target, "main")};
    try (KernelProgram program =
            counting(ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI.number());
        KernelLink link =
            KernelLink.uprobes(program, target.toString(), offsets, new long[0], false, 0)) {
      Programs.run(target.toString(), "1000");
      assertThat(count()).isEqualTo(1001);
      assertThat(Programs.run("bpftool", "link", "show", "id", "" + link.id())).isNotEmpty();
    }
  }

  @Test
  void everyPlaceHasItsCookieOrNoneHas() {
    try (KernelProgram program =
        counting(ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI.number())) {
      assertThatThrownBy(() ->
              KernelLink.uprobes(program, "/bin/true", new long[2], new long[1], false, 0).close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("1 cookies for 2 places");
    }
  }

  @Test
  void aProcessThatHasEndedIsLost() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    EventPlace clock = new EventPlace.TaskClock((int) ended.pid(), 1_000_000);
    try (KernelProgram program = counting(ProgramType.PERF_EVENT, 0)) {
      assertThatThrownBy(() -> KernelLink.event(program, clock, 0).close())
          .isInstanceOf(TargetLostException.class)
          .hasMessageContaining("the process has ended");
    }
  }

  @Test
  void aLibraryThatIsNotThereOrDamagedIsNamed() throws Exception {
    Path none = Path.of("/no/such/library.so");
    assertThatThrownBy(() -> offset(none, "f"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("cannot read /no/such/library.so");
    Path damaged = Programs.folder("damaged").resolve("probed");
    byte[] bytes = Files.readAllBytes(Programs.compiled("probed.c", "-O1", "-no-pie"));
    ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long sections = elf.getLong(40);
    for (int i = 0; i < elf.getShort(60); i++) {
      elf.putInt((int) sections + i * 64 + 40, 1000); // sh_link
    }
    Files.write(damaged, bytes);
    assertThatThrownBy(() -> offset(damaged, "watched"))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("its names are in section 1000");
  }

  /** A sample for each millisecond that the kernel says the process ran. */
  @Test
  void aTasksClockRunsTheProgramAsOftenAsTheTaskRan() throws Exception {
    Path target = Programs.compiled("probed.c", "-O1", "-no-pie");
    Process spinning = new ProcessBuilder(target.toString(), "2000000000").start();
    Path ran = Path.of("/proc", Long.toString(spinning.pid()), "schedstat"); // ns, waited, slices
    EventPlace clock = new EventPlace.TaskClock((int) spinning.pid(), 1_000_000);
    try (KernelProgram program = counting(ProgramType.PERF_EVENT, 0);
        KernelLink link = KernelLink.event(program, clock, 0)) {
      long before = nanos(ran);
      Thread.sleep(Duration.ofMillis(300));
      long millis = (nanos(ran) - before) / 1_000_000;
      assertThat(link.place()).contains("thread " + spinning.pid());
      assertThat((double) count()).isBetween(millis * 0.7 - 10, millis * 1.1 + 10);
    } finally {
      spinning.destroyForcibly();
    }
  }

  private static long nanos(Path schedstat) throws java.io.IOException {
    return Long.parseLong(Files.readString(schedstat).split(" ", 2)[0]);
  }
}
