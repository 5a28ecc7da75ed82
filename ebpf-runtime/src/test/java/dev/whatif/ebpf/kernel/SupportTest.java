package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Requires({Requirement.ROOT, Requirement.BPF, Requirement.LIBBPF})
class SupportTest {

  private static final String BPFTOOL = Programs.run("bpftool", "feature", "probe", "kernel");

  private static boolean said(String kind, Enum<?> type) {
    return BPFTOOL.contains(
        "eBPF %s %s is available".formatted(kind, type.name().toLowerCase(Locale.ROOT)));
  }

  /** bpftool's answers are right for these; those it calls missing may be there without fentry. */
  @ParameterizedTest
  @EnumSource
  void noProgramTypeThatBpftoolFindsIsCalledMissing(ProgramType type) {
    if (said("program_type", type)) {
      assertThat(Support.program(type)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noMapTypeThatBpftoolFindsIsCalledMissing(MapType type) {
    if (said("map_type", type)) {
      assertThat(Support.map(type)).isTrue();
    }
  }

  @Test
  void aTypeThatNeedsATargetIsNotCalledMissing() {
    assertThat(Support.program(ProgramType.TRACING)).isTrue();
    assertThat(Support.program(ProgramType.UNSPEC)).isFalse();
    assertThat(Support.program(ProgramType.LIRC_MODE2))
        .isEqualTo(said("program_type", ProgramType.LIRC_MODE2));
  }

  @Test
  void aWrongAttachTypeIsTheCallersMistakeNotTheKernels() {
    ProgramSpec spec =
        new ProgramSpec(
                "wrong",
                ProgramType.SK_LOOKUP,
                Code.build(b -> b.move(Register.R0, 0).exit()).bytes())
            .expectedAttachType(3);
    assertThatThrownBy(() -> KernelProgram.load(spec).close())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("before looking at the instructions");
  }
}
