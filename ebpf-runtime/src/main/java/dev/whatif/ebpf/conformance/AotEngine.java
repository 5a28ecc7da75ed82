package dev.whatif.ebpf.conformance;

import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.aot.AotFile;
import dev.whatif.ebpf.aot.NativeImage;
import dev.whatif.ebpf.aot.UserKey;
import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import java.util.List;
import java.util.Set;

/** Compiled code that has been to a file and back. */
public final class AotEngine implements ConformanceEngine {

  private final UserKey key;

  /**
   * One for any number of cases.
   *
   * @param key to sign the code with
   */
  public AotEngine(UserKey key) {
    this.key = key;
  }

  @Override
  public String name() {
    return "aot";
  }

  @Override
  public long run(VerifiedProgram program, byte[] memory) {
    String name = program.program().name();
    Set<CpuFeature> features = CpuFeature.ofThisMachine();
    NativeImage image = NativeImage.of(program, Jit.compile(program, features));
    byte[] file = AotFile.write(new byte[0], List.of(image), key);
    CompiledCode read =
        AotFile.read(name, file, key)
            .image(name)
            .orElseThrow()
            .codeFor(program, features)
            .orElseThrow();
    return JitEngine.run(read, memory);
  }
}
