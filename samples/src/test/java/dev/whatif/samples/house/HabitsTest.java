package dev.whatif.samples.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is never done in the product. */
class HabitsTest {

  private static final int LINES = 500;

  private static final Set<String> EMPTY_WORDS =
      Set.of("util", "utils", "common", "manager", "impl", "helper", "helpers", "misc");

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("test-classes"))
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.whatif");

  @Test
  void noFileHoldsMoreThanOneIdea() throws Exception {
    List<Path> sources = Repository.sources("src");
    assertThat(sources).hasSizeGreaterThan(50);
    for (Path source : sources) {
      try (var lines = Files.lines(source)) {
        assertThat(lines.count()).as(source.toString()).isLessThanOrEqualTo(LINES);
      }
    }
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    List<Path> folders =
        Repository.sources("src/main/java").stream()
            .filter(f -> !f.endsWith("module-info.java"))
            .map(Path::getParent)
            .distinct()
            .toList();
    assertThat(folders).hasSizeGreaterThan(5);
    for (Path folder : folders) {
      Path info = folder.resolve("package-info.java");
      assertThat(info).exists();
      assertThat(Repository.read(info)).as(info.toString()).contains("/**").contains("<p>");
    }
  }

  @Test
  void packagesAreNamedAfterConcepts() {
    for (Path source : Repository.sources("src")) {
      assertThat(EMPTY_WORDS)
          .as(source.toString())
          .doesNotContain(source.getParent().getFileName().toString());
    }
  }

  @Test
  void onlyCommandsTalkToTheTerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..command..", "..report..", "..demo..", "..benchmark..")
        .and()
        .doNotHaveSimpleName("ReplayProcess") // a program of its own, which says that it is ready
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(PRODUCT);
  }

  @Test
  void noTargetIsAChildOfTheJvmsOwnReaper() {
    noClasses()
        .that()
        .doNotHaveSimpleName("CostProgram") // is followed, but never entered
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .because("the reaper takes the stops of its children: core.process.Spawn does not")
        .check(PRODUCT);
  }
}
