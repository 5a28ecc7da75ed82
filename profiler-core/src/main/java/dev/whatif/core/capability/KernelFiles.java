package dev.whatif.core.capability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The files in which the kernel says what it allows. A file that is missing, not readable or not a
 * number is an empty answer: kernels differ.
 *
 * @param root "/" except in tests
 */
public record KernelFiles(Path root) {

  private static final int MOST_BYTES = 1 << 20;

  /** Those of this machine. */
  public static KernelFiles ofThisMachine() {
    return new KernelFiles(Path.of("/"));
  }

  /** The text without the white space around it. */
  public Optional<String> text(String file) {
    try (InputStream in = Files.newInputStream(path(file))) {
      return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The number in a file that holds nothing else. */
  public OptionalLong number(String file) {
    return parse(text(file).orElse(""));
  }

  /** The first line, read without reading the rest. */
  public Optional<String> firstLine(String file) {
    try (BufferedReader in = Files.newBufferedReader(path(file))) {
      return Optional.ofNullable(in.readLine());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether it is there, readable or not. */
  public boolean exists(String file) {
    return Files.exists(path(file));
  }

  /** The entries of a folder whose names are numbers, in order; none when it cannot be read. */
  public List<Integer> numbers(String folder) {
    try (Stream<Path> entries = Files.list(path(folder))) {
      return entries
          .map(e -> e.getFileName().toString())
          .filter(n -> n.matches("[0-9]{1,9}"))
          .map(Integer::valueOf)
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  /** What a symbolic link says; empty when there is none or it may not be read. */
  public Optional<String> link(String file) {
    try {
      return Optional.of(Files.readSymbolicLink(path(file)).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** Whether it can be opened for reading. */
  public boolean readable(String file) {
    try (InputStream in = Files.newInputStream(path(file))) {
      return in.read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The path of a file. */
  public Path path(String file) {
    return root.resolve(file.substring(1));
  }

  /** The value behind {@code Key:} in a file like /proc/PID/status. */
  public Optional<String> field(String file, String key) {
    return text(file)
        .flatMap(t ->
            t.lines()
                .filter(l -> l.startsWith(key + ":"))
                .map(l -> l.substring(key.length() + 1).strip())
                .findFirst());
  }

  /** A soft limit of this process; Long.MAX_VALUE for "unlimited". */
  public OptionalLong limit(String name) {
    return limit("self", name);
  }

  /** A soft limit of a process; Long.MAX_VALUE for "unlimited". */
  OptionalLong limit(String process, String name) {
    return text("/proc/" + process + "/limits")
        .flatMap(t -> t.lines().filter(l -> l.startsWith(name)).findFirst())
        .map(l -> l.substring(name.length()).strip().split("\\s+", 2)[0])
        .map(v ->
            v.toLowerCase(Locale.ROOT).equals("unlimited")
                ? OptionalLong.of(Long.MAX_VALUE)
                : parse(v))
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong parse(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
