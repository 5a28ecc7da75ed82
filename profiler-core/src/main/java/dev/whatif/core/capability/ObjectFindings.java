package dev.whatif.core.capability;

import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program and libraries of a process: what names, lines and stacks can be had from each. */
final class ObjectFindings {

  private static final int MOST_OBJECTS = 400;

  private ObjectFindings() {}

  static List<Capability> of(KernelFiles files, ProcessStatus status) {
    Map<String, Mapping> objects = new LinkedHashMap<>();
    try {
      for (Mapping m : ProcMaps.read(status.pid())) {
        if (m.executable() && m.isFile()) {
          objects.putIfAbsent(m.path(), m);
        }
      }
    } catch (IOException e) {
      return List.of(); // not permitted: the row about sampling says so
    }
    String program = link(files.path("/proc/" + status.pid() + "/exe"));
    boolean otherRoot = !"/".equals(link(files.path("/proc/" + status.pid() + "/root")));
    List<Capability> rows = new ArrayList<>();
    List<Capability> libraries = new ArrayList<>();
    for (Mapping m : objects.values().stream().limit(MOST_OBJECTS).toList()) {
      boolean isProgram = m.path().equals(program);
      ObjectDiagnosis d = ObjectDiagnosis.of(m, openable(files, status, m, otherRoot), isProgram);
      (isProgram ? rows : libraries).add(d.row());
    }
    rows.addAll(runtime(objects));
    rows.addAll(libraries);
    return rows;
  }

  /** Through map_files the very file that is mapped opens, even when it was replaced or deleted. */
  private static Path openable(
      KernelFiles files, ProcessStatus status, Mapping m, boolean otherRoot) {
    String proc = "/proc/" + status.pid();
    Path mapped = files.path("%s/map_files/%x-%x".formatted(proc, m.start(), m.end()));
    if (Files.isReadable(mapped)) {
      return mapped;
    }
    return otherRoot ? files.path(proc + "/root" + m.path()) : files.path(m.path());
  }

  private static List<Capability> runtime(Map<String, Mapping> objects) {
    for (Mapping m : objects.values()) {
      String name = m.objectName();
      if (name.equals("libjvm.so")) {
        return List.of(
            Capability.degraded(
                    "runtime",
                    "a JVM: compiled Java code has no names outside of it",
                    "let it write names: jcmd PID Compiler.perfmap",
                    "names of Java methods")
                .with("runtime", "jvm"));
      }
      if (name.startsWith("libpython") || name.startsWith("python3")) {
        return List.of(
            Capability.degraded(
                    "runtime",
                    "CPython: stacks show the interpreter, not Python functions",
                    null,
                    "names of Python functions")
                .with("runtime", "python"));
      }
    }
    return List.of();
  }

  private static String link(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
