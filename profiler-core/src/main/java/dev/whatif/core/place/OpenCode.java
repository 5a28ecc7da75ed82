package dev.whatif.core.place;

import dev.whatif.core.dwarf.AddressRange;
import dev.whatif.core.dwarf.AddressRanges;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.dwarf.FunctionCode;
import dev.whatif.core.dwarf.LineRule;
import dev.whatif.core.dwarf.SourceCode;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.FunctionNames;
import dev.whatif.core.elf.StaticProbe;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.MappedFile;
import dev.whatif.core.symbol.Missing;
import dev.whatif.core.symbol.SourceFrame;
import dev.whatif.core.symbol.SymbolFile;
import dev.whatif.core.unwind.FunctionBounds;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one file of the target says about its code; opened when it is first asked, and held until
 * closed. A file that cannot be read answers nothing. Any thread may ask.
 */
final class OpenCode implements AutoCloseable {

  private final CodeFile file;
  private final DebugFiles search;
  private final Consumer<Missing> missing;
  private @Nullable SymbolFile opened;
  private @Nullable FunctionNames names;
  private final Recent<List<CodeRange>> functions = new Recent<>(1024);
  private final Recent<List<SourceCode>> sources = new Recent<>(32);
  private int triedPid = -1;
  private boolean closed;

  OpenCode(CodeFile file, DebugFiles search, Consumer<Missing> missing) {
    this.file = file;
    this.search = search;
    this.missing = missing;
  }

  CodeFile file() {
    return file;
  }

  /** The same by a readable name; remembered, since samples ask again and again. */
  List<CodeRange> function(String name) {
    List<CodeRange> known = functions.get(name);
    if (known == null) {
      known = function(new FunctionMatch(name));
      functions.put(name, known);
    }
    return known;
  }

  /** All code of the functions that are meant, in file offsets. */
  List<CodeRange> function(FunctionMatch match) {
    return ask(
        List.of(),
        symbols -> {
          List<AddressRange> found = new ArrayList<>();
          FunctionNames all = names(symbols);
          for (int i = 0; i < all.count(); i++) {
            if (match.matchesSymbol(all, i) && all.end(i) > all.address(i)) {
              found.add(new AddressRange(all.address(i), all.end(i)));
            }
          }
          symbols
              .lines()
              .ifPresent(lines ->
                  lines.search().functions(match).forEach(copy -> found.addAll(copy.ranges())));
          return offsets(symbols.elf(), found);
        });
  }

  /** Where the functions that are meant begin to run: each copy of them. */
  List<Long> entries(FunctionMatch match) {
    return ask(
        List.of(),
        symbols -> {
          TreeSet<Long> found = new TreeSet<>();
          TreeSet<Long> parts = new TreeSet<>();
          FunctionNames all = names(symbols);
          for (int i = 0; i < all.count(); i++) {
            if (match.matchesSymbol(all, i)) {
              (QualifiedName.isPart(all.text(i)) ? parts : found).add(all.address(i));
            }
          }
          if (symbols.lines().isPresent()) {
            for (FunctionCode copy : symbols.lines().get().search().functions(match)) {
              found.add(copy.entry());
            }
          }
          found.removeAll(parts);
          return places(symbols.elf(), found);
        });
  }

  /** The source files whose path ends so. */
  List<SourceCode> sources(String suffix) {
    List<SourceCode> known = sources.get(suffix);
    if (known == null) {
      known =
          ask(
              List.of(),
              symbols -> symbols.lines().map(l -> l.search().sources(suffix)).orElse(List.of()));
      sources.put(suffix, known);
    }
    return known;
  }

  /** Full paths of all source files. */
  List<String> paths() {
    return ask(
        List.of(), symbols -> symbols.lines().map(l -> l.search().paths()).orElse(List.of()));
  }

  /** A line's code in file offsets. */
  List<CodeRange> code(SourceCode source, int line) {
    return ask(List.of(), symbols -> offsets(symbols.elf(), source.code(line)));
  }

  /** Where statements of a line begin. */
  List<Long> statements(String path, int line) {
    return ask(
        List.of(),
        symbols ->
            symbols
                .lines()
                .map(l -> places(symbols.elf(), l.search().statements(path, line)))
                .orElse(List.of()));
  }

  /** The function around an address, by call frame information alone. */
  List<CodeRange> unnamed(long address) {
    return ask(
        List.of(),
        symbols -> {
          FunctionBounds bounds = symbols.bounds();
          long start = bounds.startOf(address);
          return start < 0
              ? List.of()
              : offsets(symbols.elf(), List.of(new AddressRange(start, bounds.endOf(address))));
        });
  }

  /** The static probes of a name. */
  List<ProbeSite> probes(String provider, String name) {
    return ask(
        List.of(),
        symbols -> {
          ElfFile elf = symbols.elf();
          List<ProbeSite> result = new ArrayList<>();
          for (StaticProbe p : StaticProbe.of(elf)) {
            OptionalLong location = elf.offsetOf(p.location());
            if (p.provider().equals(provider) && p.name().equals(name) && location.isPresent()) {
              long semaphore = p.semaphore() == 0 ? 0 : elf.offsetOf(p.semaphore()).orElse(0);
              result.add(new ProbeSite(file, location.getAsLong(), semaphore, p.arguments()));
            }
          }
          return result;
        });
  }

  /** All static probes, as places. */
  List<String> allProbes() {
    return ask(
        List.of(),
        symbols ->
            StaticProbe.of(symbols.elf()).stream()
                .map(p -> "usdt:" + p.provider() + ":" + p.name())
                .distinct()
                .toList());
  }

  /** The functions at an offset, innermost first; empty when the file cannot be read. */
  List<SourceFrame> frames(long offset) {
    return ask(List.of(), symbols -> symbols.at(offset, 0));
  }

  /** All linked names; none when the file is stripped or cannot be read. */
  Optional<FunctionNames> names() {
    return ask(Optional.empty(), symbols -> Optional.of(names(symbols)));
  }

  /** Whether lines are known. */
  boolean hasLines() {
    return ask(false, symbols -> symbols.lines().isPresent());
  }

  /** Whether only names are left that other files link to. */
  boolean isStripped() {
    return ask(
        false,
        symbols ->
            symbols.lines().isEmpty()
                && symbols.debug().section(".symtab").isEmpty()
                && symbols.elf().section(".gnu_debugdata").isEmpty());
  }

  private List<CodeRange> offsets(ElfFile elf, List<AddressRange> ranges) {
    List<CodeRange> result = new ArrayList<>();
    for (AddressRange r : AddressRanges.union(ranges)) {
      OptionalLong start = elf.offsetOf(r.start());
      OptionalLong last = elf.offsetOf(r.end() - 1);
      // Else it is no code of this file, whatever the tables say.
      if (start.isPresent()
          && last.isPresent()
          && last.getAsLong() - start.getAsLong() == r.end() - 1 - r.start()) {
        result.add(new CodeRange(file, start.getAsLong(), last.getAsLong() + 1));
      }
    }
    return result;
  }

  private static List<Long> places(ElfFile elf, Iterable<Long> addresses) {
    List<Long> result = new ArrayList<>();
    for (long address : addresses) {
      elf.offsetOf(address).ifPresent(result::add);
    }
    return result;
  }

  private synchronized FunctionNames names(SymbolFile symbols) {
    if (names == null) {
      ElfFile elf = symbols.elf();
      names =
          symbols.debug() == elf ? FunctionNames.of(elf) : FunctionNames.of(elf, symbols.debug());
    }
    return names;
  }

  private <T> T ask(T nothing, Function<SymbolFile, T> question) {
    SymbolFile symbols = open();
    if (symbols == null) {
      return nothing;
    }
    try {
      return question.apply(symbols);
    } catch (BadDataException e) {
      note(String.valueOf(e.getMessage()));
      return nothing;
    } catch (InternalError e) {
      // A mapped file became shorter while it was read: the JVM's way to say SIGBUS.
      note("it was truncated while it was read");
      return nothing;
    }
  }

  private synchronized @Nullable SymbolFile open() {
    int pid = file.pid();
    if (opened != null || closed || pid == triedPid) {
      return opened;
    }
    triedPid = pid;
    try {
      opened =
          SymbolFile.of(
              MappedFile.open(pid, file.mapping()),
              file.mapping(),
              search,
              LineRule.LAST_ROW,
              missing);
    } catch (BadDataException e) {
      note(String.valueOf(e.getMessage()));
    } catch (UncheckedIOException | InternalError e) {
      note("cannot be read: " + e.getMessage());
    }
    return opened;
  }

  private void note(String reason) {
    missing.accept(new Missing(file.object(), file.path(), Missing.What.FILE, reason));
  }

  @Override
  public synchronized void close() {
    closed = true;
    functions.clear();
    sources.clear();
    names = null;
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }
}
