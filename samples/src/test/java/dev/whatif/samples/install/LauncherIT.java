package dev.whatif.samples.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.samples.install.Installation.Result;
import dev.whatif.samples.install.Installation.Running;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The launcher's decisions, in a checkout of nothing with a Maven that only writes down its calls.
 */
class LauncherIT {

  /** Runs anything without arguments that matter: the launcher's own work is what is looked at. */
  private static final String JDK = System.getProperty("java.home");

  private Path folder;
  private Path checkout;
  private Path tools;

  @BeforeEach
  void makeCheckout() throws Exception {
    folder = Files.createTempDirectory("whatif launcher");
    checkout = Files.createDirectories(folder.resolve("check out"));
    tools = Files.createDirectories(folder.resolve("tools"));
    Files.copy(Path.of("..", "whatif"), checkout.resolve("whatif"));
    Programs.run("chmod", "755", checkout.resolve("whatif").toString());
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Path source = Files.createDirectories(checkout.resolve("core/src/main/java"));
    Files.writeString(checkout.resolve("core/pom.xml"), "<project/>");
    Files.writeString(source.resolve("A.java"), "class A {}");
    program(
        "mvn",
        """
        echo "$JAVA_HOME $*" >>'%1$s/calls'
        sleep 0.3
        mkdir -p target/whatif
        cp -r '%2$s' target/whatif/lib
        """
            .formatted(folder, Path.of("..", "target", "whatif", "lib").toRealPath()));
  }

  @AfterEach
  void delete() {
    Programs.run("rm", "-rf", folder.toString());
  }

  @Test
  void buildsOnFirstUseAndThenOnlyWhenASourceIsNewer() throws Exception {
    Result first = start("--version");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out()).startsWith("whatif ");
    assertThat(first.err()).contains("building").hasLineCount(1);
    assertThat(calls()).hasSize(1);
    assertThat(calls().getFirst()).startsWith(JDK).contains("-DskipTests").endsWith("package");

    assertThat(start("--version").err()).isEmpty();
    assertThat(calls()).hasSize(1);

    Path source = checkout.resolve("core/src/main/java/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
    assertThat(start("--version").err()).contains("building");
    assertThat(calls()).hasSize(2);
  }

  @Test
  void aFailedBuildIsShown() throws Exception {
    program("mvn", "echo 'A.java:1: error: no such thing'; exit 1");
    Result result = start("--version");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("A.java:1: error: no such thing").contains("build.log");
  }

  @Test
  void startsAtTheSameTimeBuildOnce() throws Exception {
    List<Running> starts = List.of(begin("--version"), begin("--version"), begin("--version"));
    for (Running running : starts) {
      Result result = Installation.await(running);
      assertThat(result.exit()).as(result.err()).isZero();
    }
    assertThat(calls()).hasSize(1);
  }

  @Test
  @Requires(Requirement.ROOT)
  void doesNotBuildInSomebodyElsesCheckout() throws Exception {
    Programs.run("chown", "-R", "65534", checkout.toString());
    Result result = start("--version");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("belongs to").hasLineCount(1);
    assertThat(folder.resolve("calls")).doesNotExist();
    assertThat(checkout.resolve("target")).doesNotExist();
  }

  @Test
  void withoutMavenSaysWhatToInstall() throws Exception {
    Files.delete(tools.resolve("mvn"));
    Result result = startWith(Map.of("PATH", onlyTools().toString(), "JAVA_HOME", JDK));
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("Maven 3.8").hasLineCount(1);
  }

  @Test
  void withAnOldJavaOnlySaysWhatToInstall() throws Exception {
    hideInstalledJdks();
    Path old = fakeJdk("17.0.9");
    Result result =
        startWith(
            Map.of(
                "PATH", onlyTools() + ":" + old + "/bin",
                "JAVA_HOME", old.toString(),
                "HOME", folder.toString()));
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("needs JDK 25").hasLineCount(1);
  }

  @Test
  void anOldJavaInFrontDoesNotHideTheRightOne() throws Exception {
    hideInstalledJdks();
    Path old = fakeJdk("17.0.9");
    Path right = Files.createDirectories(folder.resolve("home/.sdkman/candidates/java"));
    Files.createSymbolicLink(right.resolve("25-any"), Path.of(JDK));
    Result result =
        startWith(
            Map.of(
                "PATH", onlyTools() + ":" + tools + ":" + old + "/bin",
                "JAVA_HOME", old.toString(),
                "HOME", folder.resolve("home").toString()),
            "--version");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("Java 25");
  }

  private Result start(String... arguments) {
    return Installation.await(begin(arguments));
  }

  private Running begin(String... arguments) {
    return begin(Map.of("PATH", tools + ":" + System.getenv("PATH"), "JAVA_HOME", JDK), arguments);
  }

  private Result startWith(Map<String, String> environment, String... arguments) {
    return Installation.await(begin(environment, arguments));
  }

  private Running begin(Map<String, String> environment, String... arguments) {
    List<String> command = new java.util.ArrayList<>();
    command.add(checkout.resolve("whatif").toString());
    command.addAll(List.of(arguments));
    return Installation.start(folder, environment, command);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private void program(String name, String script) throws IOException {
    Path file = tools.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Programs.run("chmod", "755", file.toString());
  }

  private Path fakeJdk(String version) throws IOException {
    Path jdk = Files.createDirectories(folder.resolve("jdk-" + version));
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    Files.createDirectories(jdk.resolve("bin"));
    Files.copy(Path.of("/bin/false"), jdk.resolve("bin/java"));
    return jdk;
  }

  /** A folder with what the launcher itself calls, and neither a JDK nor Maven. */
  private Path onlyTools() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool :
        List.of(
            "cat",
            "cksum",
            "cp",
            "env",
            "find",
            "flock",
            "id",
            "ls",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "rm",
            "sed",
            "setsid",
            "sh",
            "sleep",
            "stat",
            "touch",
            "tr")) {
      Path link = bin.resolve(tool);
      if (!Files.exists(link)) {
        Files.createSymbolicLink(
            link, Path.of(Programs.run("sh", "-c", "command -v " + tool).strip()));
      }
    }
    return bin;
  }

  /** Lets this checkout's launcher look for JDKs where there are none. */
  private void hideInstalledJdks() throws IOException {
    Path launcher = checkout.resolve("whatif");
    String text = Files.readString(launcher);
    String blind = text.replace("/usr/lib/jvm/*", "/nowhere/*").replace("/opt/", "/nowhere/");
    assertThat(blind).isNotEqualTo(text);
    Files.writeString(launcher, blind);
  }
}
