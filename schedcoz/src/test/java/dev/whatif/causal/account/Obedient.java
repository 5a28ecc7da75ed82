package dev.whatif.causal.account;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.place.CodeRange;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.ProbeSite;
import dev.whatif.core.place.TargetCode;
import dev.whatif.ebpf.kernel.EventPlace;
import dev.whatif.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A C program of the tests that says "ready", and then answers each line with a line. */
final class Obedient implements AutoCloseable {

  private final String file;
  private final Process process;
  private final Writer to;
  private final BufferedReader from;
  private final TargetCode code;

  private Obedient(String file, Process process) {
    this.file = file;
    this.process = process;
    this.to = process.outputWriter(StandardCharsets.US_ASCII);
    this.from = process.inputReader(StandardCharsets.US_ASCII);
    if (!"ready".equals(line())) {
      throw new AssertionError(file + " is not ready");
    }
    this.code = TargetCode.of(List.of(pid()), DebugFiles.standard());
  }

  static Obedient start(String source, String... arguments) {
    String file = Programs.compiled(source, "-O2", "-g", "-pthread").toString();
    List<String> command = new ArrayList<>(List.of(file));
    command.addAll(Arrays.asList(arguments));
    try {
      return new Obedient(
          file, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int pid() {
    return (int) process.pid();
  }

  String ask(String command) {
    try {
      to.write(command + "\n");
      to.flush();
      return line();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() {
    try {
      String line = from.readLine();
      if (line == null) {
        throw new AssertionError(file + " has ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The code of a function, as a region. */
  List<CodeRanges> region(String function) {
    List<CodeRanges> files = new ArrayList<>();
    for (CodeRange range : code.ranges(Place.parse(function))) {
      files.add(
          new CodeRanges(
              Math.toIntExact(range.file().device()),
              range.file().inode(),
              List.of(new CodeRanges.Range(range.start(), range.end()))));
    }
    return files;
  }

  /** Lets a program of the accounting run at a function. */
  void attach(Accounting accounting, String program, String function, long cookie) {
    for (ProbeSite site : code.sites(Place.parse(function))) {
      if (site.file().path().equals(file)) { // libraries may have one of the same name
        accounting
            .object()
            .attach(program, new EventPlace.Uprobe(file, site.offset(), false, -1, 0), cookie);
      }
    }
  }

  @Override
  public void close() {
    code.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
