package dev.whatif.core.place;

import dev.whatif.core.dwarf.SourceCode;
import dev.whatif.core.failure.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the code of one place, or says why there is none. */
final class Resolution {

  private static final int MOST_SHOWN = 5;

  private final TargetCode target;
  private final Place place;

  Resolution(TargetCode target, Place place) {
    this.target = target;
    this.place = place;
  }

  List<CodeRange> ranges() {
    return switch (place) {
      case Place.Function f -> {
        List<CodeRange> found = new ArrayList<>();
        List<OpenCode> files = filesOf(f.object());
        for (OpenCode code : files) {
          found.addAll(code.function(new FunctionMatch(f.name())));
        }
        yield found.isEmpty() ? fail(noFunction(f, files)) : found;
      }
      case Place.Line l -> {
        List<CodeRange> found = new ArrayList<>();
        for (Lines lines : lines(l)) {
          found.addAll(lines.code().code(lines.source(), l.line()));
        }
        yield found;
      }
      case Place.Unnamed u -> unnamed(u);
      case Place.Address a -> {
        CodePoint at = address(a);
        yield List.of(new CodeRange(at.file(), at.offset(), at.offset() + 1));
      }
      case Place.Usdt u ->
          usdt(u).stream().map(s -> new CodeRange(s.file(), s.offset(), s.offset() + 1)).toList();
      case Place.Syscall s -> fail(elsewhere("a system call"));
      case Place.Tracepoint t -> fail(elsewhere("a tracepoint"));
      case Place.JavaMethod j -> fail(java());
    };
  }

  List<ProbeSite> sites() {
    return switch (place) {
      case Place.Function f -> {
        List<ProbeSite> found = new ArrayList<>();
        List<OpenCode> files = filesOf(f.object());
        for (OpenCode code : files) {
          code.entries(new FunctionMatch(f.name())).forEach(at -> found.add(site(code, at)));
        }
        yield found.isEmpty() ? fail(noFunction(f, files)) : found;
      }
      case Place.Line l -> {
        List<ProbeSite> found = new ArrayList<>();
        for (Lines lines : lines(l)) {
          for (long at : lines.code().statements(lines.source().path(), l.line())) {
            found.add(site(lines.code(), at));
          }
        }
        yield found.isEmpty()
            ? fail(
                new UsageException(
                    "no statement begins at " + l.text(), "name a line where one begins"))
            : found;
      }
      case Place.Unnamed u ->
          unnamed(u).stream().map(r -> new ProbeSite(r.file(), r.start(), 0, "")).toList();
      case Place.Address a -> {
        CodePoint at = address(a);
        yield List.of(new ProbeSite(at.file(), at.offset(), 0, ""));
      }
      case Place.Usdt u -> usdt(u);
      case Place.Syscall s -> fail(elsewhere("a system call"));
      case Place.Tracepoint t -> fail(elsewhere("a tracepoint"));
      case Place.JavaMethod j -> fail(java());
    };
  }

  private static ProbeSite site(OpenCode code, long offset) {
    return new ProbeSite(code.file(), offset, 0, "");
  }

  private List<OpenCode> filesOf(@Nullable String object) {
    List<OpenCode> all = target.open();
    if (object == null) {
      return all;
    }
    List<OpenCode> found =
        all.stream().filter(c -> PathSuffix.matches(c.file().path(), object)).toList();
    if (found.isEmpty()) {
      throw new UsageException(
          place.text() + ": the target maps no file " + object,
          "name one of these: " + listed(all));
    }
    return found;
  }

  /** A source file as one file of the target knows it. */
  private record Lines(OpenCode code, SourceCode source) {}

  private List<Lines> lines(Place.Line l) {
    List<Lines> found = new ArrayList<>();
    for (OpenCode code : target.open()) {
      code.sources(l.file()).forEach(source -> found.add(new Lines(code, source)));
    }
    if (found.stream().anyMatch(f -> f.source().path().equals(l.file()))) {
      found.removeIf(f -> !f.source().path().equals(l.file()));
    }
    TreeSet<String> paths =
        found.stream().map(f -> f.source().path()).collect(Collectors.toCollection(TreeSet::new));
    if (paths.isEmpty()) {
      throw noSource(l);
    }
    if (paths.size() > 1) {
      throw new UsageException(
          l.file() + " is the name of " + paths.size() + " source files: " + first(paths),
          "write more of the path, for example " + paths.first() + ":" + l.line());
    }
    List<Lines> withCode =
        found.stream().filter(f -> !f.source().code(l.line()).isEmpty()).toList();
    if (withCode.isEmpty()) {
      TreeSet<Integer> behind = new TreeSet<>();
      found.forEach(f -> behind.addAll(f.source().behind(l.line(), MOST_SHOWN)));
      throw new UsageException(
          "line " + l.line() + " of " + paths.first() + " has no code",
          behind.isEmpty()
              ? "name an earlier line: the last one with code is "
                  + found.stream().mapToInt(f -> f.source().lastLine()).max().orElse(0)
              : "the next lines that have: "
                  + behind.stream()
                      .limit(MOST_SHOWN)
                      .map(String::valueOf)
                      .collect(Collectors.joining(", ")));
    }
    return withCode;
  }

  private UsageException noSource(Place.Line l) {
    List<OpenCode> all = target.open();
    List<String> paths = all.stream().flatMap(c -> c.paths().stream()).distinct().toList();
    List<String> near = NearMisses.of(PathSuffix.last(l.file()), paths, PathSuffix::last);
    if (!near.isEmpty()) {
      return new UsageException(
          "no source file of the target is called " + l.file(),
          "did you mean: " + String.join(", ", near));
    }
    List<OpenCode> without = all.stream().filter(c -> !c.hasLines()).toList();
    return without.isEmpty()
        ? new UsageException(
            "no source file of the target is called " + l.file(),
            "name a source file of " + listed(all))
        : new UsageException(
            l.text()
                + " is not found: there is no line information (stripped, or built without -g) in "
                + listed(without),
            "build with -g, install the debug package, or name a function: object:function");
  }

  private List<CodeRange> unnamed(Place.Unnamed u) {
    List<CodeRange> found = new ArrayList<>();
    for (OpenCode code : filesOf(u.object())) {
      found.addAll(code.unnamed(u.address()));
    }
    return found.isEmpty()
        ? fail(
            new UsageException(
                "no function of "
                    + u.object()
                    + " has code at 0x"
                    + Long.toHexString(u.address())
                    + " by its call frame information",
                "take the address from a report"))
        : found;
  }

  private CodePoint address(Place.Address a) {
    return target
        .at(a.address())
        .orElseThrow(() ->
            new UsageException(
                "no process of the target has code of a file at " + a.text(),
                "addresses are those of the running process; see /proc/PID/maps"));
  }

  private List<ProbeSite> usdt(Place.Usdt u) {
    List<OpenCode> all = target.open();
    List<ProbeSite> found =
        all.stream().flatMap(c -> c.probes(u.provider(), u.name()).stream()).toList();
    if (!found.isEmpty()) {
      return found;
    }
    List<String> others = all.stream().flatMap(c -> c.allProbes().stream()).distinct().toList();
    List<String> near = NearMisses.of(u.text(), others, text -> text);
    throw new UsageException(
        "there is no static probe " + u.text() + " in " + listed(all),
        others.isEmpty()
            ? "none of these files has any; name a function instead"
            : "did you mean: "
                + String.join(
                    ", ",
                    near.isEmpty()
                        ? others.subList(0, Math.min(MOST_SHOWN, others.size()))
                        : near));
  }

  private UsageException noFunction(Place.Function f, List<OpenCode> files) {
    List<String> near = NearMisses.ofFunctions(f.name(), files);
    // A misspelt name is more likely than one in a stripped file, unless that file was named.
    List<OpenCode> stripped =
        near.isEmpty() || f.object() != null
            ? files.stream().filter(OpenCode::isStripped).toList()
            : List.of();
    StringBuilder remedy = new StringBuilder();
    if (!near.isEmpty()) {
      remedy.append("did you mean: ").append(String.join(", ", near));
    }
    if (!stripped.isEmpty()) {
      remedy
          .append(remedy.isEmpty() ? "" : "; ")
          .append(listed(stripped))
          .append(" is stripped: install its debug package, or name a function as reports call it,")
          .append(" object+0xaddress");
    }
    return new UsageException(
        "there is no function " + f.name() + " in " + listed(files),
        remedy.isEmpty() ? null : remedy.toString());
  }

  private UsageException elsewhere(String what) {
    return new UsageException(
        place.text() + " is " + what + ": it has no code in the target",
        "name a function, a line or a static probe here");
  }

  private UsageException java() {
    return new UsageException(
        place.text() + ": Java methods are not supported yet", "name native code");
  }

  private static String listed(List<OpenCode> files) {
    return first(files.stream().map(c -> c.file().object()).distinct().toList());
  }

  private static String first(java.util.Collection<String> names) {
    String shown = names.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
    return names.size() > MOST_SHOWN
        ? shown + " and " + (names.size() - MOST_SHOWN) + " more"
        : shown;
  }

  /** Lets a case of a switch end in an error. */
  private static <T> T fail(UsageException e) {
    throw e;
  }
}
