package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.capability.KernelFiles;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.Errno;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalTest {

  @TempDir private Path root;

  private String said(String capabilities, long locked, String release) throws IOException {
    Path self = Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(self.resolve("status"), "Uid:\t1000\t1000\nCapEff:\t" + capabilities + "\n");
    WhatifException refusal =
        Refusal.notPermitted(
            "make map 'm'",
            Bpf.failure(BpfCommand.BPF_MAP_CREATE, -Errno.EPERM.value()),
            new KernelFiles(root),
            locked,
            release);
    return refusal.getMessage() + " | " + refusal.remedy();
  }

  /** What a kernel says to a field that it does not know. */
  @Test
  void somethingYoungerThanTheKernelIsSaidToBeSo() {
    assertThat(Refusal.of("do it", Bpf.failure(BpfCommand.BPF_LINK_CREATE, -Errno.E2BIG.value())))
        .hasMessageContaining("cannot do it: it asks for something younger than this kernel");
  }

  @Test
  void theMissingCapabilityIsNamed() throws IOException {
    assertThat(said("0", 65536, "Linux 6.1.0")).contains("CAP_BPF is missing");
    assertThat(said("8000000000", 65536, "Linux 6.1.0")).contains("CAP_PERFMON is missing");
  }

  @Test
  void onOldKernelsTheLimitOfLockedMemoryIsBlamed() throws IOException {
    String all = "c000000000";
    assertThat(said(all, 65536, "Linux 5.10.0-28-amd64"))
        .contains("the limit is 65536 bytes", "ulimit -l unlimited");
    assertThat(said(all, 65536, "Linux 4.19.0")).contains("ulimit -l");
    assertThat(said(all, Long.MAX_VALUE, "Linux 5.10.0")).doesNotContain("ulimit");
    assertThat(said(all, 65536, "Linux 5.11.0")).doesNotContain("ulimit");
    assertThat(said(all, 65536, "Linux unheard-of")).doesNotContain("ulimit");
  }

  /** In a JVM of its own, as the user nobody. */
  @Test
  @Requires({Requirement.ROOT, Requirement.BPF})
  void anOrdinaryUserIsToldWhatIsMissing() {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid", "65534", "--clear-groups"));
    command.addAll(OtherJvm.command(OrdinaryUser.class));
    String said = Programs.run(command.toArray(String[]::new));
    assertThat(said.lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("UnavailableException: not permitted to "));
    assertThat(said)
        .contains("make map 'mine' of type ARRAY: CAP_BPF is missing")
        .contains("kernel.unprivileged_bpf_disabled is set")
        .contains("load program 'mine' of type SOCKET_FILTER")
        .contains("load the types of mine.o");
  }
}
