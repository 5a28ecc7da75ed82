package dev.whatif.samples.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Whoever uses a module reads what its types and methods promise. */
class JavadocTest {

  @Test
  void everythingExportedIsDocumented() throws Exception {
    int seen = 0;
    List<String> missing = new ArrayList<>();
    for (String module : Repository.modules()) {
      Parsed parsed = parse(Repository.sources(module, "src/main/java"));
      Set<String> exported = new TreeSet<>();
      for (CompilationUnitTree unit : parsed.units()) {
        if (unit.getModule() != null) {
          unit.getModule().getDirectives().stream()
              .filter(ExportsTree.class::isInstance)
              .map(d -> ((ExportsTree) d).getPackageName().toString())
              .forEach(exported::add);
        }
      }
      for (CompilationUnitTree unit : parsed.units()) {
        if (unit.getPackageName() != null && exported.contains(unit.getPackageName().toString())) {
          Scan scan = new Scan(parsed.docs(), unit);
          scan.scan(unit, null);
          seen += scan.seen;
          missing.addAll(scan.missing);
        }
      }
    }
    assertThat(seen).isGreaterThan(100);
    assertThat(missing).isEmpty();
  }

  private record Parsed(List<CompilationUnitTree> units, DocTrees docs) {}

  private static Parsed parse(List<Path> sources) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      return new Parsed(units, DocTrees.instance(task));
    }
  }

  /** Collects public and protected types and methods of one file that have no Javadoc. */
  private static final class Scan extends TreePathScanner<Void, Void> {

    private final DocTrees docs;
    private final CompilationUnitTree unit;
    private final List<String> missing = new ArrayList<>();
    private int seen;

    Scan(DocTrees docs, CompilationUnitTree unit) {
      this.docs = docs;
      this.unit = unit;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      if (!isVisible(type.getModifiers())) {
        return null; // nor is anything in it
      }
      check(type.getSimpleName().toString());
      return super.visitClass(type, nothing);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      // Positions tell written constructors from those the compiler adds.
      boolean written = docs.getSourcePositions().getEndPosition(unit, method) >= 0;
      if (written && !overrides && isVisible(method.getModifiers())) {
        ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
        check(owner.getSimpleName() + "." + method.getName());
      }
      return null;
    }

    private boolean isVisible(ModifiersTree modifiers) {
      TreePath parent = getCurrentPath().getParentPath();
      Tree.Kind owner = parent.getLeaf().getKind();
      boolean implicitlyPublic =
          (owner == Tree.Kind.INTERFACE || owner == Tree.Kind.ANNOTATION_TYPE)
              && !modifiers.getFlags().contains(Modifier.PRIVATE);
      return implicitlyPublic
          || modifiers.getFlags().contains(Modifier.PUBLIC)
          || modifiers.getFlags().contains(Modifier.PROTECTED);
    }

    private void check(String name) {
      seen++;
      String comment = docs.getDocComment(getCurrentPath());
      if (comment == null || comment.isBlank()) {
        missing.add(unit.getPackageName() + "." + name);
      }
    }
  }
}
