package dev.whatif.core.symbol;

import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.dwarf.LineRule;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.MappedFile;
import dev.whatif.core.process.Mapping;
import java.io.UncheckedIOException;
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
  private @Nullable SymbolFile held;
  private volatile @Nullable SymbolFile symbols;
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
    SymbolFile opened = symbols;
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

  private synchronized @Nullable SymbolFile open(int pid, Mapping mapping) {
    if (symbols != null || hopeless || pid == triedPid) {
      return symbols;
    }
    triedPid = pid;
    hopeless = ++attempts == MAX_ATTEMPTS;
    try {
      MappedFile file = MappedFile.open(pid, mapping);
      hopeless = true; // it was found: whatever it lacks, no other process changes that
      held = SymbolFile.of(file, mapping, search, rule, missing);
      symbols = held;
    } catch (BadDataException e) {
      note(mapping, Missing.What.FILE, String.valueOf(e.getMessage()));
    } catch (UncheckedIOException | InternalError e) {
      note(mapping, Missing.What.FILE, "cannot be read: " + e.getMessage());
    }
    return symbols;
  }

  private void note(Mapping mapping, Missing.What what, String reason) {
    missing.accept(new Missing(mapping.objectName(), mapping.path(), what, reason));
  }

  @Override
  public synchronized void close() {
    symbols = null;
    hopeless = true;
    if (held != null) {
      held.close();
      held = null;
    }
  }
}
