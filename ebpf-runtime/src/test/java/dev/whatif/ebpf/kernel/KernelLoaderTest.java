package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Requires({Requirement.ROOT, Requirement.BPF})
class KernelLoaderTest {

  /** Functions can be entered only where the kernel has ftrace's trampolines. */
  private static final LoadOptions WITHOUT_FENTRY =
      LoadOptions.DEFAULT.with((String name) -> !name.equals("entered"));

  private static BpfObject tour() {
    return KernelObjects.object("tour");
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long global(LoadedObject loaded, BpfObject object, String variable) {
    var global =
        object.globals().stream().filter(g -> g.name().equals(variable)).findFirst().orElseThrow();
    byte[] section = loaded.map(global.section()).lookup(new byte[4]).orElseThrow();
    return global.size() == 4
        ? little(section).getInt(global.offset())
        : little(section).getLong(global.offset());
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfProgramAndMapIsLoaded(LoadOptions.Relocation relocation) {
    BpfObject object = tour();
    try (LoadedObject loaded = KernelLoader.load(object, WITHOUT_FENTRY.with(relocation))) {
      assertThat(loaded.programs()).hasSize(10).doesNotContainKey("left_out");
      assertThat(loaded.maps())
          .containsKeys("events", "per_task", "outer", "ring", ".rodata", ".bss", ".data");
      assertThat(loaded.map("ring").info().maxEntries()).isEqualTo(8192);
      assertThat(loaded.map("perf").info().maxEntries()).isPositive();
      for (KernelProgram program : loaded.programs().values()) {
        String shown = Programs.run("bpftool", "prog", "show", "id", "" + program.id());
        assertThat(shown).contains(" name " + program.name() + " ", "gpl", "btf_id");
      }
      String events = "" + loaded.map("events").id();
      assertThat(Programs.run("bpftool", "map", "show", "id", events)).contains("name events");
    }
  }

  @Test
  void theKernelAndWeRelocateAlike() {
    BpfObject object = tour();
    try (LoadedObject kernels = KernelLoader.load(object, WITHOUT_FENTRY);
        LoadedObject ours =
            KernelLoader.load(object, WITHOUT_FENTRY.with(LoadOptions.Relocation.OURS))) {
      for (Map.Entry<String, KernelProgram> program : kernels.programs().entrySet()) {
        assertThat(Xlated.withoutNumbers(ours.program(program.getKey())))
            .as(program.getKey())
            .isEqualTo(Xlated.withoutNumbers(program.getValue()));
      }
    }
  }

  @Test
  void aTestRunSeesTheKernelsStructsFunctionsAndVariables() {
    BpfObject object = tour();
    try (LoadedObject loaded = KernelLoader.load(object, WITHOUT_FENTRY)) {
      TestRun run =
          loaded
              .program("ask")
              .testRun(
                  new TestInput()
                      .context(
                          new byte[] {
                            1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
                          }));
      assertThat(run.returned()).isEqualTo(42);
      assertThat(little(run.context()).getLong(8)).isEqualTo(1 + ProcessHandle.current().pid());
      Btf kernel = Btf.ofKernel();
      long size = kernel.sizeOf(kernel.find(BtfKind.STRUCT, "task_struct").orElseThrow());
      assertThat(little(run.context()).getLong(16)).isEqualTo(1 + 2 * size);
      byte[] answers = loaded.map(".bss").lookup(new byte[4]).orElseThrow();
      int at =
          object.globals().stream()
              .filter(g -> g.name().equals("answers"))
              .findFirst()
              .orElseThrow()
              .offset();
      assertThat(little(answers).getInt(at + 12)).isEqualTo(9);
    }
  }

  @Test
  void aPacketComesBackAsTheProgramLeftIt() {
    try (LoadedObject loaded = KernelLoader.load(tour(), WITHOUT_FENTRY)) {
      TestRun run =
          loaded.program("shorten").testRun(new TestInput().data(new byte[64], 0).repeat(1));
      assertThat(run.returned()).isEqualTo(3);
      assertThat(run.data()).hasSize(56);
      assertThat(
              loaded.program("classify").testRun(new TestInput().data(new byte[64], 0)).returned())
          .isEqualTo(64);
    }
  }

  @Test
  void programsRunWhereTheirSectionsSay() throws InterruptedException {
    BpfObject object = tour().withGlobal("watched_pid", ProcessHandle.current().pid());
    try (LoadedObject loaded = KernelLoader.load(object, WITHOUT_FENTRY)) {
      assertThat(loaded.attachAll())
          .containsOnlyKeys("on_switch", "on_wakeup", "on_exit", "on_getpid", "on_getppid");
      Thread.sleep(Duration.ofMillis(5));
      Programs.run("true");
      assertThat(global(loaded, object, "switches")).isPositive();
      assertThat(global(loaded, object, "calls")).isGreaterThan(7);
      assertThat(MapEntries.of(loaded.map("events")))
          .isNotEmpty()
          .allSatisfy(e ->
              assertThat(little(e.value()).getInt(0))
                  .isEqualTo((int) ProcessHandle.current().pid()));
    }
  }

  @Test
  void aConstantIsFrozen() {
    BpfObject object = tour().withGlobal("watched_pid", 1234);
    try (LoadedObject loaded = KernelLoader.load(object, WITHOUT_FENTRY)) {
      KernelMap constants = loaded.map(".rodata");
      assertThat(global(loaded, object, "watched_pid")).isEqualTo(1234);
      assertThatThrownBy(() -> constants.update(new byte[4], new byte[constants.valueBytes()]))
          .hasMessageContaining("frozen");
    }
  }

  @Test
  void aRefusalNamesTheLineOfTheSource() {
    assertThatThrownBy(
            () -> KernelLoader.load(KernelObjects.object("refused"), LoadOptions.DEFAULT).close())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("program 'forgets' (socket_filter): R")
        .hasMessageContaining("invalid mem access 'map_value_or_null'")
        .hasMessageContaining("refused.c:17: return *value; // may be null")
        .cause()
        .isInstanceOf(VerifierRefusal.class);
  }

  @Test
  void whatFailsLeavesNothingBehind() {
    long before = KernelObjects.openDescriptors();
    assertThatThrownBy(
            () -> KernelLoader.load(KernelObjects.object("refused"), LoadOptions.DEFAULT).close())
        .isInstanceOf(BadDataException.class);
    assertThat(KernelObjects.openDescriptors()).isEqualTo(before);
  }

  @Test
  void whatIsClosedLeavesNothingBehind() {
    long before = KernelObjects.openDescriptors();
    LoadedObject loaded = KernelLoader.load(tour(), WITHOUT_FENTRY);
    loaded.attachAll();
    assertThat(KernelObjects.openDescriptors()).isGreaterThan(before + 20);
    loaded.close();
    assertThat(KernelObjects.openDescriptors()).isEqualTo(before);
  }

  @Test
  void whatIsAttachedTwiceIsDetachedTwice() {
    long before = KernelObjects.openDescriptors();
    try (LoadedObject loaded = KernelLoader.load(tour(), WITHOUT_FENTRY)) {
      loaded.attach("on_switch");
      loaded.attach("on_switch");
      assertThat(loaded.links()).containsOnlyKeys("on_switch", "on_switch#2");
    }
    assertThat(KernelObjects.openDescriptors()).isEqualTo(before);
  }

  @Test
  void settingsAndSymbolsOfTheKernelAreFilledIn() {
    try (LoadedObject loaded =
        KernelLoader.load(KernelObjects.object("externs"), LoadOptions.DEFAULT)) {
      assertThat(loaded.programs()).containsOnlyKeys("settings", "symbols", "functions");
      assertThat(loaded.program("settings").testRun(new TestInput()).returned())
          .isGreaterThan(5 << 16);
      assertThat(loaded.program("functions").testRun(new TestInput()).returned()).isZero();
    }
  }

  /**
   * Whether the kernel registers such tables at all, bpftool is asked; its libbpf may be older than
   * links to them, so it is shown one without.
   */
  @Test
  void aCongestionControlIsRegisteredWhereLibbpfCanToo() {
    String file = "/proc/sys/net/ipv4/tcp_available_congestion_control";
    BpfObject object = KernelObjects.object("congestion");
    if (Programs.run("bpftool", "feature", "probe", "kernel")
        .contains("map_type struct_ops is av")) {
      try (LoadedObject loaded = KernelLoader.load(object, LoadOptions.DEFAULT)) {
        assertThat(Programs.run("cat", file)).doesNotContain("whatif");
        assertThat(loaded.attachAll()).containsOnlyKeys("plain", "control");
        assertThat(Programs.run("cat", file)).contains("whatif_cc", "whatif_plain");
        assertThat(Programs.run("bpftool", "struct_ops", "show")).contains("plain");
      }
      assertThat(Programs.run("cat", file)).doesNotContain("whatif");
    } else {
      assertThatThrownBy(() -> KernelLoader.load(object, LoadOptions.DEFAULT).close())
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("takes no 'struct tcp_congestion_ops' from BPF");
    }
  }

  @Test
  void aFunctionIsEnteredWhereLibbpfCanToo() {
    BpfObject object = KernelObjects.object("entered");
    if (KernelObjects.libbpfLoads("entered")) {
      try (LoadedObject loaded = KernelLoader.load(object, LoadOptions.DEFAULT)) {
        assertThat(loaded.attachAll()).containsOnlyKeys("entered");
      }
    } else {
      assertThatThrownBy(() -> KernelLoader.load(object, LoadOptions.DEFAULT).close())
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("does not let BPF programs enter its functions");
    }
  }

  @Test
  void whatTheKernelDoesNotHaveIsNamed() {
    BpfObject object = KernelObjects.object("absent");
    assertThatThrownBy(() -> KernelLoader.load(object, WITHOUT_FENTRY).close())
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no function 'bpf_no_such_function'")
        .hasMessageContaining("program 'calls'");
  }
}
