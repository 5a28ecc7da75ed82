package dev.whatif.core.symbol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names of code made at run time, from {@code /tmp/perf-PID.map} (Linux
 * tools/perf/Documentation/jit-interface.txt): lines of start, size and name.
 *
 * <p>The file is read on when an unknown address appears and it has grown; a later line replaces
 * what it overlaps. At most {@value #MAX_ENTRIES} functions and {@value #MAX_BYTES} bytes are read.
 * Like perf, it is believed only when it belongs to the process's user, to root or to us: anybody
 * may write to {@code /tmp}. Any thread may ask.
 */
final class PerfMap {

  private static final int MAX_ENTRIES = 1_000_000;
  private static final long MAX_BYTES = 256 << 20;
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int BLOCK_BYTES = 1 << 20;
  private static final long RECHECK_NANOS = 50_000_000;

  /** A function. */
  private record Code(long start, long end, String name) {}

  private final String object;
  private final List<Path> candidates;
  private final @Nullable Integer owner;
  private final TreeMap<Long, Code> codes = new TreeMap<>(Long::compareUnsigned);
  private @Nullable Object identity;
  private long consumed;
  private boolean checked;
  private long checkedNanos;

  PerfMap(String object, List<Path> candidates, @Nullable Integer owner) {
    this.object = object;
    this.candidates = List.copyOf(candidates);
    this.owner = owner;
  }

  /** That of a process, wherever it sees its own /tmp. */
  static PerfMap of(int pid) {
    Path proc = Path.of("/proc/" + pid);
    String inner = innermostPid(proc.resolve("status"), pid);
    return new PerfMap(
        "perf-" + pid + ".map",
        List.of(
            proc.resolve("root/tmp/perf-" + inner + ".map"), Path.of("/tmp/perf-" + pid + ".map")),
        attribute(proc, "unix:uid") instanceof Integer uid ? uid : null);
  }

  /** The frame at an address, or null when the map does not name it. */
  synchronized @Nullable SourceFrame at(long lookup, long pc) {
    Code code = find(lookup);
    if (code == null && readOn()) {
      code = find(lookup);
    }
    return code == null
        ? null
        : new SourceFrame(
            code.name,
            object,
            "",
            0,
            FrameKind.JIT,
            Math.clamp(pc - code.start, 0, Integer.MAX_VALUE));
  }

  private @Nullable Code find(long address) {
    Map.Entry<Long, Code> e = codes.floorEntry(address);
    return e != null && Long.compareUnsigned(address, e.getValue().end) < 0 ? e.getValue() : null;
  }

  /** Reads what was written since; whether there was anything. */
  private boolean readOn() {
    long now = System.nanoTime();
    if (checked && now - checkedNanos < RECHECK_NANOS) {
      return false;
    }
    checked = true;
    checkedNanos = now;
    for (Path path : candidates) {
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && isTrusted(path)) {
        return readOn(path);
      }
    }
    return false;
  }

  private boolean readOn(Path path) {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      Object found = attribute(path, "unix:ino");
      if (identity == null || !identity.equals(found) || channel.size() < consumed) {
        codes.clear();
        consumed = 0;
        identity = found;
      }
      boolean any = false;
      ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
      while (consumed < MAX_BYTES && codes.size() < MAX_ENTRIES) {
        block.clear();
        int n = channel.read(block, consumed);
        int used = n <= 0 ? 0 : lines(block.array(), n);
        if (used == 0) {
          break;
        }
        any = true;
        consumed += used;
      }
      return any;
    } catch (IOException e) {
      return false;
    }
  }

  /** Takes the whole lines of a block; how many bytes they are. */
  private int lines(byte[] text, int length) {
    int at = 0;
    for (int i = 0; i < length; i++) {
      if (text[i] == '\n') {
        if (codes.size() < MAX_ENTRIES) {
          line(text, at, i);
        }
        at = i + 1;
      }
    }
    // A line longer than a block can only be damage: step over it.
    return at == 0 && length == BLOCK_BYTES ? length : at;
  }

  // 7f12e0a01000 1c0 LazyCompile:*parse /srv/app.js:12
  private void line(byte[] text, int begin, int end) {
    int space = indexOf(text, begin, end);
    int second = space < 0 ? -1 : indexOf(text, space + 1, end);
    if (second < 0 || end - begin > MAX_LINE_BYTES) {
      return;
    }
    long start = hex(text, begin, space);
    long size = hex(text, space + 1, second);
    if (start <= 0 || size <= 0 || start + size <= 0) {
      return; // user addresses are positive
    }
    String name = new String(text, second + 1, end - second - 1, StandardCharsets.UTF_8).strip();
    if (!name.isEmpty()) {
      put(new Code(start, start + size, name));
    }
  }

  private void put(Code code) {
    Map.Entry<Long, Code> e = codes.lowerEntry(code.end);
    while (e != null && e.getValue().end > code.start) {
      Code old = e.getValue();
      codes.remove(old.start);
      if (old.start < code.start) {
        codes.put(old.start, new Code(old.start, code.start, old.name));
      }
      e = codes.lowerEntry(code.end);
    }
    codes.put(code.start, code);
  }

  private static int indexOf(byte[] text, int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (text[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  /** A hexadecimal number with or without 0x, -1 when it is none. */
  private static long hex(byte[] text, int begin, int end) {
    int at = begin;
    if (end - at > 2 && text[at] == '0' && (text[at + 1] | 0x20) == 'x') {
      at += 2;
    }
    if (at == end || end - at > 16) {
      return -1;
    }
    long n = 0;
    for (; at < end; at++) {
      int digit = Character.digit(text[at], 16);
      if (digit < 0) {
        return -1;
      }
      n = n << 4 | digit;
    }
    return n;
  }

  private boolean isTrusted(Path path) {
    return attribute(path, "unix:uid") instanceof Integer uid
        && (uid == 0
            || uid.equals(owner)
            || uid.equals(attribute(Path.of("/proc/self"), "unix:uid")));
  }

  private static @Nullable Object attribute(Path path, String name) {
    try {
      return Files.getAttribute(path, name);
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return null;
    }
  }

  /** The process's number in its own pid namespace. */
  private static String innermostPid(Path status, int pid) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("NSpid:")) {
          return line.substring(line.lastIndexOf('\t') + 1).strip();
        }
      }
    } catch (IOException e) {
      // ended
    }
    return Integer.toString(pid);
  }
}
