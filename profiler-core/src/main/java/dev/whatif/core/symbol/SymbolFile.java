package dev.whatif.core.symbol;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.dwarf.DebugInfo;
import dev.whatif.core.dwarf.LineRule;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.MappedFile;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.unwind.FunctionBounds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A mapped file together with its separate debug files: its symbols, its debug information, its
 * call frame information. Held open until closed; any thread may ask.
 *
 * <p>A file that is truncated while it is open makes a reader fail with {@link InternalError}.
 */
public final class SymbolFile implements AutoCloseable {

  private final Mapping mapping;
  private final DebugFiles search;
  private final Consumer<Missing> missing;
  private final ElfFile elf;
  private final ElfFile debug;
  private final List<ElfFile> held;
  private final SymbolTable symbols;
  private final @Nullable DebugInfo lines;
  private final ObjectSymbols names;

  private SymbolFile(
      MappedFile file,
      Mapping mapping,
      DebugFiles search,
      LineRule rule,
      Consumer<Missing> missing,
      List<ElfFile> held) {
    this.mapping = mapping;
    this.search = search;
    this.missing = missing;
    this.held = held;
    elf = file.elf();
    held.add(elf);
    ElfFile separate = elf.section(".debug_info").isPresent() ? null : separateOf(file);
    if (separate != null) {
      held.add(separate);
    }
    debug = separate == null ? elf : separate;
    symbols = tableOf();
    lines = linesOf(separate == null ? file.location() : Path.of(separate.name()), rule);
    if (lines == null && symbols.count() == 0) {
      note(
          Missing.What.SYMBOLS,
          "stripped, and its debug file was not found; install its debug package");
    } else if (lines == null) {
      note(Missing.What.LINES, "built without -g, or its debug package is not installed");
    }
    names = new ObjectSymbols(mapping.objectName(), elf, symbols, lines);
  }

  /**
   * Reads the symbols of a file and the headers of its debug information.
   *
   * @param file is closed with this, or when this fails
   * @param mapping that shows it
   * @param rule which line counts where several have the same address
   * @param missing is told what cannot be known
   */
  public static SymbolFile of(
      MappedFile file,
      Mapping mapping,
      DebugFiles search,
      LineRule rule,
      Consumer<Missing> missing) {
    List<ElfFile> held = new ArrayList<>();
    try {
      return new SymbolFile(file, mapping, search, rule, missing, held);
    } catch (RuntimeException | InternalError e) {
      held.forEach(ElfFile::close);
      throw e;
    }
  }

  /** The mapped file. */
  public ElfFile elf() {
    return elf;
  }

  /** The file with its symbols and debug information: the same, or its separate debug file. */
  public ElfFile debug() {
    return debug;
  }

  /** One name for each address of a function. */
  public SymbolTable symbols() {
    return symbols;
  }

  /** Its debug information; empty when there is none, or it is damaged. */
  public Optional<DebugInfo> lines() {
    return Optional.ofNullable(lines);
  }

  /** Where functions begin and end by its call frame information. */
  public FunctionBounds bounds() {
    return names.bounds();
  }

  /**
   * The frames at an offset in the file, the innermost inlined function first.
   *
   * @param behind how far the program counter is behind that byte (1 for a return address)
   */
  public List<SourceFrame> at(long fileOffset, int behind) {
    return names.at(fileOffset, behind);
  }

  private @Nullable ElfFile separateOf(MappedFile file) {
    try {
      return search.debugFileOf(file.elf(), file.location(), file.root()).orElse(null);
    } catch (BadDataException e) {
      return null; // a damaged link leads nowhere; the file's own symbols are still good
    }
  }

  private SymbolTable tableOf() {
    try {
      return debug == elf ? SymbolTable.of(elf) : SymbolTable.of(elf, debug);
    } catch (BadDataException e) {
      note(Missing.What.SYMBOLS, String.valueOf(e.getMessage()));
      return SymbolTable.EMPTY;
    }
  }

  private @Nullable DebugInfo linesOf(Path location, LineRule rule) {
    if (debug.section(".debug_info").isEmpty()) {
      return null;
    }
    try {
      ElfFile supplementary = supplementaryOf(location);
      if (supplementary != null) {
        held.add(supplementary);
      }
      return DebugInfo.open(debug, supplementary, rule);
    } catch (BadDataException e) {
      note(Missing.What.LINES, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable ElfFile supplementaryOf(Path location) {
    try {
      return search.supplementaryOf(debug, location).orElse(null);
    } catch (BadDataException e) {
      return null; // names that dwz moved stay unknown, lines are still good
    }
  }

  private void note(Missing.What what, String reason) {
    missing.accept(new Missing(mapping.objectName(), mapping.path(), what, reason));
  }

  @Override
  public void close() {
    if (lines != null) {
      lines.close();
    }
    held.forEach(ElfFile::close);
  }
}
