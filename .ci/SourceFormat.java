import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks that every Java source of the repository is formatted as google-java-format would, or rewrites those that are
 * not. Run by the build in its validate phase: {@code mvn -N validate -Dformat=fix}.
 */
public final class SourceFormat {
  private SourceFormat() {}

  public static void main(String[] args) throws Exception {
    boolean fix = args.length > 0 && args[0].equals("fix");
    boolean off = args.length > 0 && args[0].equals("off");
    if (off) {
      return;
    }
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    List<Path> sources;
    try (Stream<Path> all = Files.walk(Path.of(""))) {
      sources =
          all.filter(p -> p.toString().endsWith(".java") && p.toString().contains("src/")).sorted().toList();
    }
    List<Path> wrong = new ArrayList<>();
    for (Path source : sources) {
      String text = Files.readString(source);
      String formatted;
      try {
        formatted =
            formatter.formatSource(
                ImportOrderer.reorderImports(
                    RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.GOOGLE));
      } catch (FormatterException e) {
        System.err.println(source + ": cannot be parsed: " + e.getMessage());
        wrong.add(source);
        continue;
      }
      if (!formatted.equals(text)) {
        if (fix) {
          Files.writeString(source, formatted);
        } else {
          wrong.add(source);
        }
      }
    }
    if (!wrong.isEmpty()) {
      wrong.forEach(p -> System.err.println("not formatted: " + p));
      System.err.println("run: mvn -N validate -Dformat=fix");
      System.exit(1);
    }
  }
}
