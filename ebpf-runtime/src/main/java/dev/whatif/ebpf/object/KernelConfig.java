package dev.whatif.ebpf.object;

import dev.whatif.core.failure.BadDataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The settings that a kernel was built with, and its version, as {@code __kconfig} variables ask
 * for them. Reading needs no privileges. Immutable.
 */
public final class KernelConfig {

  private static final int MAX_BYTES = 16 << 20;
  private static final Pattern RELEASE =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?.*");

  private final String origin;
  private final Map<String, String> settings;

  private KernelConfig(String origin, Map<String, String> settings) {
    this.origin = origin;
    this.settings = settings;
  }

  /**
   * Of the running kernel: {@code /proc/config.gz}, else {@code /boot/config-RELEASE}; with
   * neither, only the {@code LINUX_*} values are known.
   */
  public static KernelConfig ofRunningKernel() {
    return in(Path.of("/"), System.getProperty("os.version", ""));
  }

  /** The same of a kernel whose files are below another folder. */
  static KernelConfig in(Path root, String release) {
    Path packed = root.resolve("proc/config.gz");
    Path plain = root.resolve("boot/config-" + release);
    List<String> tried = new ArrayList<>();
    try {
      return unpack(packed.toString(), Files.readAllBytes(packed), release);
    } catch (IOException e) {
      tried.add(why(packed, e));
    }
    try {
      return of(plain.toString(), Files.readString(plain), release);
    } catch (IOException e) {
      tried.add(why(plain, e));
    }
    return of(String.join(", ", tried), "", release);
  }

  private static String why(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no " + file;
      case AccessDeniedException _ -> file + " is not for this user";
      default -> file + " is damaged: " + e.getMessage();
    };
  }

  private static KernelConfig unpack(String origin, byte[] packed, String release)
      throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] text = in.readNBytes(MAX_BYTES);
      return of(origin, new String(text, StandardCharsets.UTF_8), release);
    }
  }

  /**
   * From the text of a configuration.
   *
   * @param origin what to call it in errors
   * @param text lines {@code NAME=value}, others are not looked at
   * @param release such as {@code 6.18.5-amd64}
   */
  public static KernelConfig of(String origin, String text, String release) {
    Map<String, String> settings = new HashMap<>();
    text.lines()
        .filter(line -> line.startsWith("CONFIG_"))
        .forEach(line -> {
          int equals = line.indexOf('=');
          if (equals > 0) {
            settings.put(line.substring(0, equals), line.substring(equals + 1).strip());
          }
        });
    int version = version(release);
    settings.put("LINUX_KERNEL_VERSION", Integer.toString(version));
    // What libbpf finds out by trying came with these versions.
    settings.put("LINUX_HAS_BPF_COOKIE", version >= (5 << 16 | 15 << 8) ? "1" : "0");
    settings.put("LINUX_HAS_SYSCALL_WRAPPER", version >= (4 << 16 | 17 << 8) ? "1" : "0");
    return new KernelConfig(origin, Map.copyOf(settings));
  }

  /** The value of a setting as it is written there, strings in quotes. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  /** What it is called in errors. */
  public String origin() {
    return origin;
  }

  /** include/linux/version.h: KERNEL_VERSION(a, b, c). */
  private static int version(String release) {
    Matcher m = RELEASE.matcher(release);
    if (!m.matches()) {
      throw new BadDataException("'" + release + "' is no version of a kernel");
    }
    int patch = m.group(3) == null ? 0 : Math.min(255, Integer.parseInt(m.group(3)));
    return Integer.parseInt(m.group(1)) << 16 | Integer.parseInt(m.group(2)) << 8 | patch;
  }
}
