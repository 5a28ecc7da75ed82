package dev.whatif.core.capability;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.elf.BuildId;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Segment;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.Mapping;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one mapped file knows about itself.
 *
 * @param mapping where it is mapped
 * @param isProgram whether it is the executable rather than a library
 * @param problem why it could not be read; "" when it could
 * @param symbols ".symtab", ".gnu_debugdata", ".dynsym" or ""
 * @param lines where line information is: ".debug_line", the name of a separate file, or ""
 * @param unwind ".eh_frame", ".debug_frame" or ""
 * @param buildId in hex, or ""
 * @param kind "go", "static" or ""
 */
record ObjectDiagnosis(
    Mapping mapping,
    boolean isProgram,
    String problem,
    String symbols,
    String lines,
    String unwind,
    String buildId,
    String kind) {

  /**
   * Looks at a file.
   *
   * @param root where the file system of its process is seen from here
   */
  static ObjectDiagnosis of(Mapping mapping, Path file, Path root, boolean isProgram) {
    try (ElfFile elf = ElfFile.open(file)) {
      String symbols = firstOf(elf, ".symtab", ".gnu_debugdata", ".dynsym");
      String lines = firstOf(elf, ".debug_line");
      String unwind = unwindOf(elf);
      if (lines.isEmpty()) {
        Path location = Path.of(mapping.path());
        Optional<ElfFile> separate = DebugFiles.standard().debugFileOf(elf, location, root);
        if (separate.isPresent()) {
          try (ElfFile debug = separate.get()) {
            lines = firstOf(debug, ".debug_line").isEmpty() ? "" : debug.name();
            symbols = firstOf(debug, ".symtab").isEmpty() ? symbols : ".symtab";
            unwind = unwind.isEmpty() ? firstOf(debug, ".debug_frame") : unwind;
          }
        }
      }
      return new ObjectDiagnosis(
          mapping,
          isProgram,
          "",
          symbols,
          lines,
          unwind,
          elf.buildId().map(BuildId::hex).orElse(""),
          isProgram ? kindOf(elf) : "");
    } catch (BadDataException | UncheckedIOException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      return new ObjectDiagnosis(mapping, isProgram, why, "", "", "", "", "");
    }
  }

  private static String firstOf(ElfFile elf, String... sections) {
    for (String section : sections) {
      if (elf.section(section).isPresent()) {
        return section;
      }
    }
    return "";
  }

  private static String unwindOf(ElfFile elf) {
    String section = firstOf(elf, ".eh_frame", ".debug_frame");
    boolean stripped = elf.segments().stream().anyMatch(s -> s.type() == Segment.PT_GNU_EH_FRAME);
    return section.isEmpty() && stripped ? ".eh_frame" : section;
  }

  private static String kindOf(ElfFile elf) {
    if (!firstOf(elf, ".gopclntab", ".go.buildinfo", ".note.go.buildid").isEmpty()) {
      return "go";
    }
    boolean dynamic = elf.segments().stream().anyMatch(s -> s.type() == Segment.PT_DYNAMIC);
    return dynamic ? "" : "static";
  }

  Capability row() {
    String name = mapping.objectName();
    String need = isProgram ? "names, lines and stacks of the program" : "names and stacks";
    Capability row;
    if (!problem.isEmpty()) {
      row = Capability.degraded(name, "not readable: " + problem, null, need);
    } else if (unwind.isEmpty()) {
      row =
          Capability.degraded(
              name,
              finding(),
              "stacks end here: build it with -fasynchronous-unwind-tables, or record --stacks fp",
              need);
    } else if (symbols.isEmpty() || (isProgram && !symbols.equals(".symtab"))) {
      row =
          Capability.degraded(
              name, finding(), "install its debug symbols, or do not strip it", need);
    } else if (isProgram && lines.isEmpty()) {
      row =
          Capability.degraded(
              name, finding(), "for source lines build it with -g (keeps -O2 as it is)", need);
    } else {
      row = Capability.ok(name, finding(), need);
    }
    return row.with("path", mapping.path())
        .with("role", isProgram ? "program" : "library")
        .with("symbols", symbols)
        .with("lines", lines)
        .with("unwind", unwind)
        .with("buildId", buildId)
        .with("kind", kind);
  }

  private String finding() {
    List<String> parts = new ArrayList<>();
    switch (kind) {
      case "go" -> parts.add("Go program");
      case "static" -> parts.add("statically linked");
      default -> {}
    }
    parts.add(
        switch (symbols) {
          case ".symtab" -> "functions";
          case ".gnu_debugdata" -> "functions (mini debug info)";
          case ".dynsym" -> "exported functions only";
          case "" -> "no symbols";
          default -> "functions (" + symbols + ")";
        });
    parts.add(
        lines.isEmpty() ? "no lines" : lines.startsWith(".") ? "lines" : "lines (separate file)");
    parts.add(unwind.isEmpty() ? "no unwind tables" : "unwind tables");
    if (mapping.path().endsWith(" (deleted)")) {
      parts.add("file deleted or replaced since it was loaded");
    }
    return String.join(", ", parts);
  }
}
