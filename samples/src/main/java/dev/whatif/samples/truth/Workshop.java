package dev.whatif.samples.truth;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.samples.program.SourceFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the programs of the suite are compiled and started; {@link #close()} deletes them. For one
 * thread.
 */
public final class Workshop implements AutoCloseable {

  private static final List<String> HEADERS = List.of("truth.h", "queue.h");

  private static final String LIBRARY_SOURCE = "region.c";

  private static final String MARK = "// region";

  private final SourceFolder folder;

  private Workshop(SourceFolder folder) {
    this.folder = folder;
  }

  /** An empty one. */
  public static Workshop open() {
    Workshop workshop = new Workshop(SourceFolder.open("whatif-truth-"));
    HEADERS.forEach(workshop::unpack);
    return workshop;
  }

  /** Why a program cannot be compiled here, or empty. */
  public static Optional<String> missing(TruthProgram program) {
    return SourceFolder.missing(compiler(program));
  }

  /**
   * The place of region X in the sources of a program, as {@code FILE:LINE}: the loop itself, for
   * profilers that know lines only.
   */
  public static String regionLine(TruthProgram program) {
    String source = program.inLibrary() ? LIBRARY_SOURCE : program.source();
    if (!text(source).contains(MARK)) {
      source = "truth.h";
    }
    return source + ":" + regionLine(source);
  }

  /** The line of a source that carries the mark of region X, from 1. */
  static int regionLine(String source) {
    List<String> lines = text(source).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).endsWith(MARK)) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException(source + " marks no line as its region");
  }

  /**
   * Starts a program.
   *
   * @param scale what is left of the cost of X, 0 to 1
   * @param seconds after which it ends by itself
   * @throws UnavailableException when it cannot be compiled
   */
  public TruthProcess start(TruthProgram program, double scale, double seconds) {
    return TruthProcess.start(compiled(program), program, scale, seconds);
  }

  /**
   * The executable of a program.
   *
   * @throws UnavailableException when there is no compiler or it refuses; says what to install
   */
  public Path compiled(TruthProgram program, String... flags) {
    if (program.inLibrary()) {
      unpack(LIBRARY_SOURCE);
      folder.compile("gcc", LIBRARY_SOURCE, "region.so", List.of("-shared", "-fPIC"));
    }
    unpack(program.source());
    List<String> all = List.of(flags);
    String name = program.source().replaceFirst("\\.cc?$", "");
    String suffix = all.isEmpty() ? "" : "-" + Integer.toHexString(all.hashCode());
    return folder.compile(compiler(program), program.source(), name + suffix, all);
  }

  private static String compiler(TruthProgram program) {
    return program.isCxx() ? "g++" : "gcc";
  }

  private void unpack(String source) {
    folder.unpack(Workshop.class, source);
  }

  private static String text(String source) {
    return SourceFolder.text(Workshop.class, source);
  }

  @Override
  public void close() {
    folder.close();
  }
}
