package dev.whatif.ebpf.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.isa.Assembler;
import dev.whatif.ebpf.isa.Dialect;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.verifier.Program;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import dev.whatif.ebpf.verifier.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotFileTest {

  private static final byte[] OBJECT = {1, 2, 3};

  @TempDir Path folder;

  private UserKey key;
  private VerifiedProgram program;
  private byte[] file;

  @BeforeEach
  void compile() {
    key = UserKey.in(folder.resolve("mine"));
    program = verified("r0 = 42\n r1 = 3\n r0 <<= r1\n exit");
    NativeImage image = NativeImage.of(program, Jit.compile(program, Set.of(CpuFeature.BMI2)));
    file = AotFile.write(OBJECT, List.of(image), key);
  }

  private static VerifiedProgram verified(String text) {
    return Verifier.verify(
        Program.onMemory("answer", Assembler.assemble("test", text, Dialect.LLVM), 8),
        RuleSet.RFC9669);
  }

  @Test
  void whatWasWrittenIsRead() {
    AotFile read = AotFile.read("a.aot", file, key);
    assertThat(read.object()).isEqualTo(OBJECT);
    assertThat(read.rejected()).isEmpty();
    NativeImage image = read.image("answer").orElseThrow();
    assertThat(image.codeFor(program, Set.of(CpuFeature.BMI2)))
        .hasValueSatisfying(c ->
            assertThat(c.bytes()).isEqualTo(Jit.compile(program, Set.of(CpuFeature.BMI2)).bytes()));
    assertThat(read.image("other")).isEmpty();
  }

  @Test
  void machineCodeOfAnotherUserDoesNotCount() {
    AotFile read = AotFile.read("a.aot", file, UserKey.in(folder.resolve("another")));
    assertThat(read.object()).isEqualTo(OBJECT);
    assertThat(read.images()).isEmpty();
    assertThat(read.rejected()).contains("not made by this user");
  }

  @Test
  void machineCodeOfOtherInstructionsDoesNotCount() {
    NativeImage image = AotFile.read("a.aot", file, key).image("answer").orElseThrow();
    VerifiedProgram other = verified("r0 = 43\n exit");
    assertThat(image.codeFor(other, Set.of(CpuFeature.BMI2))).isEmpty();
    assertThat(image.whyNotFor(other, Set.of(CpuFeature.BMI2))).contains("other instructions");
  }

  @Test
  void machineCodeForAnotherCpuDoesNotCount() {
    NativeImage image = AotFile.read("a.aot", file, key).image("answer").orElseThrow();
    assertThat(image.codeFor(program, Set.of())).isEmpty();
    assertThat(image.whyNotFor(program, Set.of())).contains("BMI2");
  }

  @Test
  void oneChangedBitAnywhereAndTheMachineCodeDoesNotCount() {
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] changed = file.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(AotFile.read("a.aot", changed, key).images()).as("bit %d", bit).isEmpty();
      } catch (BadDataException e) {
        assertThat(e).hasMessageContaining("a.aot");
      }
    }
  }

  @Test
  void aFileThatEndsTooEarlyIsSaidTo() {
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      try {
        assertThat(AotFile.read("a.aot", cut, key).images()).as("%d bytes", length).isEmpty();
      } catch (BadDataException e) {
        assertThat(e).hasMessageContaining("a.aot");
      }
    }
  }

  @Test
  void theKeyIsTheUsersOwn() throws IOException {
    Path secret = folder.resolve("mine");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> UserKey.in(secret))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("others may read");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Files.write(secret, new byte[5]);
    assertThatThrownBy(() -> UserKey.in(secret))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("is no key");
  }
}
