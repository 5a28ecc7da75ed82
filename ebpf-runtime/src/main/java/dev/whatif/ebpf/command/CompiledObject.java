package dev.whatif.ebpf.command;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.x86.CpuFeature;
import dev.whatif.ebpf.aot.AotFile;
import dev.whatif.ebpf.aot.NativeImage;
import dev.whatif.ebpf.aot.UserKey;
import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An object of clang's, or one that was compiled, with its machine code.
 *
 * @param compiled what {@code whatif bpf compile} made; empty for an object of clang's
 */
record CompiledObject(BpfObject object, Optional<AotFile> compiled) {

  private static final int MAGIC_BYTES = 8;
  private static final long MOST_BYTES = 256 << 20;

  /** Reads either. */
  static CompiledObject open(Path file) {
    if (!isCompiled(file)) {
      return new CompiledObject(BpfObject.open(file), Optional.empty());
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new UsageException(file + ": %,d bytes are too many".formatted(Files.size(file)));
      }
      AotFile aot = AotFile.read(file.toString(), Files.readAllBytes(file), UserKey.ofThisUser());
      return new CompiledObject(BpfObject.parse(file.toString(), aot.object()), Optional.of(aot));
    } catch (IOException e) {
      throw new UnavailableException("cannot read " + file + ": " + e.getMessage(), null, e);
    }
  }

  private static boolean isCompiled(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return AotFile.looksLike(Arrays.copyOf(in.readNBytes(MAGIC_BYTES), MAGIC_BYTES));
    } catch (IOException e) {
      return false; // whoever opens it as an object says what is wrong
    }
  }

  /**
   * The machine code of a program: that of the file, or a new one.
   *
   * @param told why it is not that of the file
   */
  CompiledCode code(VerifiedProgram program, Consumer<String> told) {
    AotFile aot =
        compiled.orElseThrow(() ->
            new UsageException(
                object.name() + " has no machine code",
                "compile it: whatif bpf compile %s -o FILE.aot".formatted(object.name())));
    Set<CpuFeature> features = CpuFeature.ofThisMachine();
    Optional<NativeImage> image = aot.image(program.program().name());
    String why =
        !aot.rejected().isEmpty()
            ? aot.rejected()
            : image.map(i -> i.whyNotFor(program, features)).orElse("it is not in the file");
    if (why.isEmpty()) {
      return image.orElseThrow().code();
    }
    told.accept("whatif: the machine code is not used: %s; compiled anew".formatted(why));
    return Jit.compile(program, features);
  }
}
