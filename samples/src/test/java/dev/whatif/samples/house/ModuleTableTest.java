package dev.whatif.samples.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which module may know which, and within the core which package. */
class ModuleTableTest {

  private static final String CORE = "dev.whatif.core.";

  /** The table of the design: everybody may also know itself. */
  private static final Map<String, Set<String>> MODULES =
      Map.of(
          "profiler-core", Set.of(),
          "ebpf-runtime", Set.of("profiler-core"),
          "schedcoz", Set.of("profiler-core", "ebpf-runtime"),
          "watchpoints", Set.of("profiler-core", "ebpf-runtime"),
          "gpu-hooks", Set.of("profiler-core", "ebpf-runtime"),
          "ml-predictor", Set.of("profiler-core", "ebpf-runtime", "watchpoints"),
          "viewer",
              Set.of(
                  "profiler-core",
                  "ebpf-runtime",
                  "schedcoz",
                  "watchpoints",
                  "gpu-hooks",
                  "ml-predictor"),
          "samples",
              Set.of(
                  "profiler-core",
                  "ebpf-runtime",
                  "schedcoz",
                  "watchpoints",
                  "gpu-hooks",
                  "ml-predictor",
                  "viewer"));

  /**
   * What stands on what in the core, from the ground up. The command line may know all; nobody may
   * know the command line.
   */
  private static final Map<String, Set<String>> CORE_PACKAGES =
      Map.ofEntries(
          Map.entry("failure", Set.of()),
          Map.entry("linux", Set.of("failure")),
          Map.entry("x86", Set.of("failure")),
          Map.entry("ring", Set.of("linux")),
          Map.entry("elf", Set.of("failure")),
          Map.entry("dwarf", Set.of("failure", "elf")),
          Map.entry("process", Set.of("failure", "linux", "elf", "x86")),
          Map.entry("symbol", Set.of("failure", "linux", "elf", "dwarf", "process", "unwind")),
          Map.entry("unwind", Set.of("failure", "linux", "elf", "dwarf", "process")),
          Map.entry("place", Set.of("failure", "elf", "dwarf", "process", "symbol", "unwind")),
          Map.entry("recording", Set.of("failure", "linux")),
          Map.entry(
              "capability",
              Set.of("failure", "linux", "elf", "dwarf", "process", "symbol", "unwind")),
          Map.entry(
              "sample",
              Set.of(
                  "failure",
                  "linux",
                  "ring",
                  "elf",
                  "process",
                  "symbol",
                  "unwind",
                  "recording",
                  "capability")),
          Map.entry("report", Set.of("failure", "linux", "recording")),
          Map.entry(
              "command",
              Set.of(
                  "failure",
                  "linux",
                  "elf",
                  "dwarf",
                  "process",
                  "symbol",
                  "unwind",
                  "recording",
                  "capability",
                  "sample",
                  "report")));

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("test-classes"))
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.whatif");

  @Test
  void everyModuleIsSeen() {
    assertThat(Repository.modules()).isNotEmpty();
    for (String module : Repository.modules()) {
      String prefix = Repository.PACKAGES.get(module);
      assertThat(prefix).as("the package of module " + module).isNotNull();
      assertThat(PRODUCT.stream().filter(c -> c.getPackageName().startsWith(prefix)).toList())
          .as("classes of " + module)
          .isNotEmpty();
    }
  }

  @Test
  void modulesKnowOnlyWhatTheTableAllows() {
    for (String module : Repository.modules()) {
      Set<String> allowed =
          MODULES.get(module).stream().map(Repository.PACKAGES::get).collect(Collectors.toSet());
      allowed.add(Repository.PACKAGES.get(module));
      classes()
          .that(areIn(Set.of(Repository.PACKAGES.get(module))))
          .should()
          .onlyDependOnClassesThat(areIn(allowed).or(areOutside("dev.whatif")))
          .check(PRODUCT);
    }
  }

  @Test
  void everyPackageOfTheCoreIsInTheTable() {
    assertThat(corePackages()).isNotEmpty().isSubsetOf(CORE_PACKAGES.keySet());
  }

  @Test
  void packagesOfTheCoreKnowOnlyWhatLiesBelow() {
    for (String name : corePackages()) {
      Set<String> allowed =
          CORE_PACKAGES.get(name).stream().map(p -> CORE + p).collect(Collectors.toSet());
      allowed.add(CORE + name);
      classes()
          .that(areIn(Set.of(CORE + name)))
          .should()
          .onlyDependOnClassesThat(areIn(allowed).or(areOutside("dev.whatif")))
          .check(PRODUCT);
    }
  }

  private static Set<String> corePackages() {
    return PRODUCT.stream()
        .map(JavaClass::getPackageName)
        .filter(p -> p.startsWith(CORE))
        .map(p -> p.substring(CORE.length()))
        .collect(Collectors.toSet());
  }

  private static DescribedPredicate<JavaClass> areIn(Set<String> packages) {
    return DescribedPredicate.describe(
        "are in " + packages, c -> packages.stream().anyMatch(p -> isBelow(c.getPackageName(), p)));
  }

  private static DescribedPredicate<JavaClass> areOutside(String name) {
    return DescribedPredicate.describe(
        "are outside " + name, c -> !isBelow(c.getPackageName(), name));
  }

  private static boolean isBelow(String name, String parent) {
    return name.equals(parent) || name.startsWith(parent + ".");
  }
}
