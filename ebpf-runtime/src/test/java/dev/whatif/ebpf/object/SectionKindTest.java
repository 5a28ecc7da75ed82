package dev.whatif.ebpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SectionKindTest {

  @Test
  @Requires({Requirement.GCC, Requirement.LIBBPF})
  void everyNameThatLibbpfKnowsMeansTheSame() {
    List<String> names = new ArrayList<>();
    for (SectionKind kind : SectionTable.ALL) {
      names.add(kind.prefix());
      if (kind.pattern().endsWith("+")) {
        names.add(kind.prefix() + "/target");
      }
    }
    List<String> command = new ArrayList<>();
    command.add(Programs.compiled("libbpf_sections.c", "-O1", "-lbpf").toString());
    command.addAll(names);
    List<String> theirs = Programs.run(command.toArray(String[]::new)).lines().toList();

    int known = 0;
    for (int i = 0; i < names.size(); i++) {
      // Debian's libbpf is older than the table: it does not know them all.
      if (!theirs.get(i).equals("unknown")) {
        SectionKind ours = SectionKind.of("x.o", names.get(i));
        assertThat(ours.type().number() + " " + ours.expectedAttachType())
            .as(names.get(i))
            .isEqualTo(theirs.get(i));
        known++;
      }
    }
    assertThat(known).isGreaterThan(110);
  }

  @Test
  @Requires(Requirement.KERNEL_BTF)
  void theNumbersAreTheKernels() {
    Map<String, Long> types = values("bpf_prog_type");
    for (ProgramType type : ProgramType.values()) {
      assertThat(types).containsEntry("BPF_PROG_TYPE_" + type.name(), (long) type.number());
    }
    Map<String, Long> attachTypes = values("bpf_attach_type");
    for (AttachType type : AttachType.values()) {
      assertThat(attachTypes).containsEntry("BPF_" + type.name(), (long) type.number());
    }
  }

  private static Map<String, Long> values(String name) {
    int id = Btf.ofKernel().find(BtfKind.ENUM, name).orElseThrow();
    return ((BtfType.Enum) Btf.ofKernel().type(id))
        .values().stream()
            .collect(
                Collectors.toMap(BtfType.Enumerator::name, BtfType.Enumerator::value, (a, b) -> a));
  }

  @Test
  void aTargetStandsBehindTheSlash() {
    SectionKind kind = SectionKind.of("x.o", "fentry.s/do_unlinkat");
    assertThat(kind.type()).isEqualTo(ProgramType.TRACING);
    assertThat(kind.attachType()).contains(AttachType.TRACE_FENTRY);
    assertThat(kind.sleepable()).isTrue();
    assertThat(kind.byBtf()).isTrue();
    assertThat(kind.target()).isEqualTo("do_unlinkat");
    assertThat(kind.automatic()).isTrue();

    SectionKind probe = SectionKind.of("x.o", "?uprobe.multi//usr/bin/x:f*");
    assertThat(probe.target()).isEqualTo("/usr/bin/x:f*");
    assertThat(probe.automatic()).isFalse();
  }

  @Test
  void anUnknownNameIsToldTheNearestOnes() {
    assertThatThrownBy(() -> SectionKind.of("x.o", "tp_btff/sched_switch"))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("x.o: section 'tp_btff/sched_switch'")
        .extracting(e -> ((WhatifException) e).remedy())
        .asString()
        .contains("SEC(\"tp_btf\")");
    assertThatThrownBy(() -> SectionKind.of("x.o", "xdp/eth0"))
        .isInstanceOf(BadDataException.class);
  }
}
