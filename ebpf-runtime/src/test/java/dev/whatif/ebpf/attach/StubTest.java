package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.linux.UserRegisters;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import dev.whatif.core.process.Tracer;
import dev.whatif.core.process.Vdso;
import dev.whatif.testing.Objdump;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of the stub, and where they may lie. */
class StubTest {

  private static UserRegisters someRegisters() {
    try (EnteredProgram target = EnteredProgram.threads(1, 0, 0, 0);
        Tracer tracer = Tracer.of(target.pid())) {
      return tracer.stopAll(s -> s.threads().getLast().registers());
    }
  }

  @Test
  @Requires({Requirement.GCC, Requirement.BINUTILS, Requirement.ROOT})
  void itRestoresEveryRegisterAndTouchesNeitherStackNorFlags() throws Exception {
    byte[] stub = RestoringStub.bytes(someRegisters(), 0x1234, "whatif:4194304");
    assertThat(stub).hasSize(RestoringStubLayout.BYTES);
    assertThat(RestoringStub.isStub(stub)).isTrue();
    stub[3]++;
    assertThat(RestoringStub.isStub(stub)).isFalse();
    stub[3]--;
    List<String> code =
        Objdump.read(stub, 0).stream().takeWhile(l -> !l.startsWith("int3")).toList();
    assertThat(code.getFirst()).isEqualTo("syscall");
    assertThat(code.getLast())
        .matches("jmp +QWORD PTR \\[rip\\+0x[0-9a-f]+\\] +# 0x118"); // RIP_OFFSET
    assertThat(code).hasSize(7 + RestoringStubLayout.REGISTER_COUNT + 1);
    assertThat(code.stream().map(l -> l.split(" ")[0]))
        .containsOnly("syscall", "mov", "lea", "jmp"); // none of them changes a flag
    assertThat(code).noneMatch(l -> l.contains("rsp") || l.contains("esp"));
  }

  @Test
  void theVdsoEndsBeforeItsPage() throws Exception {
    List<Mapping> mappings = ProcMaps.read((int) ProcessHandle.current().pid());
    Slack slack = Slack.find((int) ProcessHandle.current().pid(), mappings);
    Mapping vdso =
        mappings.stream().filter(m -> m.path().equals(Vdso.NAME)).findFirst().orElseThrow();
    assertThat(slack.object()).isEqualTo(Vdso.NAME);
    assertThat(slack.address()).isBetween(vdso.start(), vdso.end());
    assertThat(slack.address() + slack.size()).isEqualTo(vdso.end());
    byte[] image =
        Vdso.image().orElseThrow().image().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    for (long i = slack.address() - vdso.start(); i < image.length; i++) {
      assertThat(image[(int) i]).as("byte 0x%x of the vdso", i).isZero();
    }
  }

  @Test
  @Requires({Requirement.GCC, Requirement.BINUTILS})
  void codeOfAProgramEndsWhereReadelfSaysItDoes() throws Exception {
    Path program = Programs.compiled("entered.c", "-O2", "-pthread");
    try (EnteredProgram target = EnteredProgram.threads(0, 0, 0, 0);
        ElfFile file = ElfFile.open(program)) {
      List<Mapping> withoutVdso =
          ProcMaps.read(target.pid()).stream().filter(m -> !m.path().equals(Vdso.NAME)).toList();
      Slack slack = Slack.find(target.pid(), withoutVdso);
      Mapping in =
          withoutVdso.stream().filter(m -> m.contains(slack.address())).findFirst().orElseThrow();
      assertThat(in.executable()).isTrue();
      long end =
          Programs.run("readelf", "-lW", in.path())
              .lines()
              .filter(l -> l.contains("LOAD") && l.contains("R E"))
              .map(l -> l.strip().split(" +"))
              .mapToLong(f -> Long.decode(f[1]) + Long.decode(f[5]))
              .findFirst()
              .orElseThrow();
      assertThat(slack.address()).isEqualTo(in.start() + end - in.fileOffset() + 15 & -16);
      assertThat(slack.address() + slack.size()).isEqualTo(in.end());
      assertThat(Slack.endOfImage(file)).hasValue(Files.size(program));
    }
  }

  @Test
  @Requires({Requirement.GCC, Requirement.ROOT})
  void aProgramIsEnteredThroughTheSlackOfItsOwnCode() throws Exception {
    try (EnteredProgram target = EnteredProgram.threads(1, 1, 1, 1)) {
      List<Mapping> withoutVdso =
          ProcMaps.read(target.pid()).stream().filter(m -> !m.path().equals(Vdso.NAME)).toList();
      Slack slack = Slack.find(target.pid(), withoutVdso);
      String before = target.appearance();
      for (int i = 0; i < 10; i++) {
        try (Injector injector =
            Injector.enter(target.pid(), EntryOptions.DEFAULT, Tracer.of(target.pid()), slack)) {
          assertThat(injector.syscalls(new RemoteCall("getpid", 39))).containsExactly(target.pid());
        }
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }
}
