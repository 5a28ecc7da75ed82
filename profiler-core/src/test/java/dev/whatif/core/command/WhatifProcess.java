package dev.whatif.core.command;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Wait;
import dev.whatif.core.process.Spawn;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The command as users run it: in a JVM of its own, results and messages in files. */
record WhatifProcess(Spawn spawn, Path folder) {

  /** Starts it; {@code out} and {@code err} in the folder are what it writes. */
  static WhatifProcess start(Path folder, String... arguments) {
    return after(List.of(), folder, System.getProperty("jdk.module.path"), arguments);
  }

  /** Starts it by another program, which changes the user or the limits first. */
  static WhatifProcess after(
      List<String> prefix, Path folder, String modulePath, String... arguments) {
    // through a shell: its output goes into files of its own
    List<String> command =
        new ArrayList<>(
            List.of("sh", "-c", "exec \"$@\" >" + folder + "/out 2>" + folder + "/err", "sh"));
    command.addAll(prefix);
    command.addAll(java(modulePath));
    command.addAll(List.of(arguments));
    return new WhatifProcess(Spawn.running(command, SpawnHeader.Files.INHERITED), folder);
  }

  /** The command line up to the arguments of whatif. */
  static List<String> java(String modulePath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--illegal-native-access=deny",
        "--enable-native-access=dev.whatif.core",
        "--module-path",
        modulePath,
        "--module",
        "dev.whatif.core/dev.whatif.core.command.Main");
  }

  /** A copy of the modules that every user can read, in a folder made so too. */
  static String readableModules(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path modules = Files.createDirectory(folder.resolve("modules"));
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("jdk.module.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      // a jar's file name may be the module's name
      Path to =
          Files.createDirectory(modules.resolve("" + copies.size())).resolve(from.getFileName());
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
      copies.add(to.toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  /** Waits for its end. */
  Wait.Status end() {
    for (int i = 0; i < 12_000 && spawn.running(); i++) {
      LockSupport.parkNanos(5_000_000);
    }
    return spawn.ended().orElseThrow(() -> new AssertionError("whatif does not end"));
  }

  String out() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }
}
