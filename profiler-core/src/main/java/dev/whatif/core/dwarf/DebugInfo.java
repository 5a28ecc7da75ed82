package dev.whatif.core.dwarf;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What one file's debug information says about its addresses: function, source line, and the
 * functions that were inlined there. Says what {@code addr2line -i -f} says.
 *
 * <p>Opening reads the headers of the units and which addresses they claim. A unit's tables are
 * read when the first of its addresses is asked for, and kept. Answers are kept too: the same list
 * is returned again.
 *
 * <p>Thread-safe. Damage never makes an answer fail: what cannot be read is left out and {@link
 * #damage()} tells about it.
 */
public final class DebugInfo implements AutoCloseable {

  private static final int DAMAGE_KEPT = 100;

  private final DebugFile file;
  private final SplitFiles splitFiles;
  private final ElfFile elf;
  private final UnitMap units;
  private final AtomicReferenceArray<@Nullable UnitCode> codes;
  private final ConcurrentLinkedQueue<BadDataException> damage = new ConcurrentLinkedQueue<>();
  private final AtomicInteger damageCount = new AtomicInteger();
  private final LineRule rule;
  private volatile @Nullable CodeSearch search;

  private DebugInfo(ElfFile debug, @Nullable ElfFile supplementary, LineRule rule) {
    this.rule = rule;
    DebugFile other =
        supplementary == null
            ? null
            : new DebugFile(new DebugSections(supplementary, ""), null, this::damaged);
    file = new DebugFile(new DebugSections(debug, ""), other, this::damaged);
    elf = debug;
    splitFiles = new SplitFiles(debug.name(), this::damaged);
    codes = new AtomicReferenceArray<>(file.units().size());
    units = new UnitMap(file.units(), this::damaged);
  }

  /**
   * Reads the headers of a file's debug information.
   *
   * @param debug the file with the {@code .debug_*} sections: the program, or its separate debug
   *     file; must stay open as long as this is used and is not closed by this
   * @param supplementary the file that {@link AltLink} names, under the same conditions; without it
   *     names that dwz moved there are unknown
   * @throws BadDataException when a section lies outside the file or cannot be unpacked
   */
  public static DebugInfo open(ElfFile debug, @Nullable ElfFile supplementary) {
    return open(debug, supplementary, LineRule.LAST_ROW);
  }

  /** The same with a choice of {@link LineRule}. */
  public static DebugInfo open(ElfFile debug, @Nullable ElfFile supplementary, LineRule rule) {
    return new DebugInfo(debug, supplementary, rule);
  }

  /**
   * The source positions at an address, innermost inlined function first, physical function last.
   *
   * @param vaddr in the file's own addresses; for a return address, the address minus 1
   * @return empty when nothing is known; where a line but no function is known, one position with
   *     an empty function
   */
  public List<SourcePosition> at(long vaddr) {
    UnitCode code = codeAt(vaddr);
    return code == null ? List.of() : code.at(vaddr);
  }

  /** The physical function at an address, for files without a symbol table. */
  public Optional<FunctionRange> function(long vaddr) {
    UnitCode code = codeAt(vaddr);
    return code == null ? Optional.empty() : code.function(vaddr);
  }

  /** The way back: from names, files and lines to code. */
  public CodeSearch search() {
    CodeSearch known = search;
    if (known == null) {
      known = new CodeSearch(this);
      search = known; // a race makes two that answer the same
    }
    return known;
  }

  /** Path of the supplementary file that dwz moved entries to, as written; see {@link AltLink}. */
  public Optional<String> altLink() {
    return AltLink.of(elf).map(AltLink::path);
  }

  /** What could not be read so far, at most 100 pieces. */
  public List<BadDataException> damage() {
    return List.copyOf(damage);
  }

  /** Closes the files of split units that were opened by this. */
  @Override
  public void close() {
    splitFiles.close();
  }

  /** What is known about the code of the unit that has an address, or null. */
  @Nullable UnitCode codeAt(long vaddr) {
    int index = units.unitAt(vaddr);
    if (index < 0) {
      return null;
    }
    return codeOf(index);
  }

  /** The units of the linked file. */
  List<Unit> units() {
    return file.units();
  }

  /** Which row of a line table counts. */
  LineRule rule() {
    return rule;
  }

  /** What is known about a unit's code; read at the first question. */
  UnitCode codeOf(int index) {
    UnitCode known = codes.getAcquire(index);
    return known != null ? known : read(index);
  }

  private UnitCode read(int index) {
    Unit unit = file.units().get(index);
    synchronized (unit) {
      UnitCode known = codes.getAcquire(index);
      if (known == null) {
        known = UnitCode.read(unit, described(unit), rule, this::damaged);
        codes.setRelease(index, known);
      }
      return known;
    }
  }

  /** The unit that has a unit's functions: itself, or its split unit. */
  Unit described(Unit unit) {
    try {
      return splitFiles.described(unit);
    } catch (BadDataException e) {
      damaged(e);
      return unit;
    }
  }

  /** Remembers damage. */
  void damaged(BadDataException e) {
    if (damageCount.getAndIncrement() < DAMAGE_KEPT) {
      damage.add(e);
    }
  }
}
