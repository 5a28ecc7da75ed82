package dev.whatif.ebpf.isa;

import dev.whatif.ebpf.conformance.ConformanceCase;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The sample of the conformance suite among the test resources. */
public final class SuiteCases {

  private static final Path FOLDER = Path.of("src", "test", "resources", "conformance");

  private SuiteCases() {}

  /** Cases that give a result. */
  public static Stream<ConformanceCase> good() {
    return ConformanceCase.all(FOLDER.resolve("tests")).stream();
  }

  /** Cases that must be refused. */
  public static Stream<ConformanceCase> bad() {
    return ConformanceCase.all(FOLDER.resolve("negative")).stream();
  }
}
