package dev.whatif.core.symbol;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.dwarf.DebugInfo;
import dev.whatif.core.dwarf.LineRule;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.MappedFile;
import dev.whatif.core.process.Mapping;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One mapped file and its separate debug files, opened when an address in it is first asked for and
 * held until closed. Any thread may ask.
 */
final class FileSymbols implements AutoCloseable {

  /**
   * A file that a dying process does not lead to any more may still be reached through another one
   * that maps it: so many are tried.
   */
  private static final int MAX_ATTEMPTS = 4;

  private final DebugFiles search;
  private final LineRule rule;
  private final Consumer<Missing> missing;
  private final List<ElfFile> held = new ArrayList<>();
  private @Nullable DebugInfo debugInfo;
  private volatile @Nullable ObjectSymbols symbols;
  private volatile boolean hopeless;
  private int attempts;
  private int triedPid = -1;

  /**
   * Nothing is opened yet.
   *
   * @param rule which line counts where several have the same address
   * @param missing is told what cannot be known
   */
  FileSymbols(DebugFiles search, LineRule rule, Consumer<Missing> missing) {
    this.search = search;
    this.rule = rule;
    this.missing = missing;
  }

  /**
   * The frames at an address of a process that maps the file, or null when the file cannot be read.
   */
  @Nullable List<SourceFrame> at(int pid, Mapping mapping, long pc, int behind) {
    ObjectSymbols opened = symbols;
    if (opened == null) {
      opened = open(pid, mapping);
    }
    if (opened == null) {
      return null;
    }
    try {
      return opened.at(mapping.offsetOf(pc - behind), behind);
    } catch (InternalError e) {
      // A mapped file became shorter while it was read: the JVM's way to say SIGBUS.
      symbols = null;
      hopeless = true;
      note(mapping, Missing.What.FILE, "it was truncated while it was read");
      return null;
    }
  }

  private synchronized @Nullable ObjectSymbols open(int pid, Mapping mapping) {
    if (symbols != null || hopeless || pid == triedPid) {
      return symbols;
    }
    triedPid = pid;
    hopeless = ++attempts == MAX_ATTEMPTS;
    try {
      MappedFile file = MappedFile.open(pid, mapping);
      held.add(file.elf());
      hopeless = true; // it was found: whatever it lacks, no other process changes that
      symbols = read(file, mapping);
    } catch (BadDataException e) {
      note(mapping, Missing.What.FILE, String.valueOf(e.getMessage()));
    } catch (UncheckedIOException | InternalError e) {
      note(mapping, Missing.What.FILE, "cannot be read: " + e.getMessage());
    }
    return symbols;
  }

  private ObjectSymbols read(MappedFile file, Mapping mapping) {
    ElfFile elf = file.elf();
    ElfFile debug = elf;
    Path location = file.location();
    if (elf.section(".debug_info").isEmpty()) {
      ElfFile separate = separateOf(file);
      if (separate != null) {
        held.add(separate);
        debug = separate;
        location = Path.of(separate.name());
      }
    }
    SymbolTable table = tableOf(elf, debug, mapping);
    DebugInfo lines = linesOf(debug, location, mapping);
    if (lines == null && table.count() == 0) {
      note(
          mapping,
          Missing.What.SYMBOLS,
          "stripped, and its debug file was not found; install its debug package");
    } else if (lines == null) {
      note(mapping, Missing.What.LINES, "built without -g, or its debug package is not installed");
    }
    return new ObjectSymbols(mapping.objectName(), elf, table, lines);
  }

  private @Nullable ElfFile separateOf(MappedFile file) {
    try {
      return search.debugFileOf(file.elf(), file.location(), file.root()).orElse(null);
    } catch (BadDataException e) {
      return null; // a damaged link leads nowhere; the file's own symbols are still good
    }
  }

  private SymbolTable tableOf(ElfFile elf, ElfFile debug, Mapping mapping) {
    try {
      return debug == elf ? SymbolTable.of(elf) : SymbolTable.of(elf, debug);
    } catch (BadDataException e) {
      note(mapping, Missing.What.SYMBOLS, String.valueOf(e.getMessage()));
      return SymbolTable.EMPTY;
    }
  }

  private @Nullable DebugInfo linesOf(ElfFile debug, Path location, Mapping mapping) {
    if (debug.section(".debug_info").isEmpty()) {
      return null;
    }
    try {
      ElfFile supplementary = supplementaryOf(debug, location);
      if (supplementary != null) {
        held.add(supplementary);
      }
      DebugInfo lines = DebugInfo.open(debug, supplementary, rule);
      debugInfo = lines;
      return lines;
    } catch (BadDataException e) {
      note(mapping, Missing.What.LINES, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable ElfFile supplementaryOf(ElfFile debug, Path location) {
    try {
      return search.supplementaryOf(debug, location).orElse(null);
    } catch (BadDataException e) {
      return null; // names that dwz moved stay unknown, lines are still good
    }
  }

  private void note(Mapping mapping, Missing.What what, String reason) {
    missing.accept(new Missing(mapping.objectName(), mapping.path(), what, reason));
  }

  @Override
  public synchronized void close() {
    symbols = null;
    hopeless = true;
    if (debugInfo != null) {
      debugInfo.close();
    }
    held.forEach(ElfFile::close);
    held.clear();
  }
}
