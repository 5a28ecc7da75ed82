package dev.whatif.core.report;

import dev.whatif.core.recording.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import one.proto.Proto;

/**
 * pprof's profile.proto, gzipped, as {@code go tool pprof} and most profile stores read it
 * (github.com/google/pprof/blob/main/proto/profile.proto).
 *
 * <p>Written here and not by jfr-converter's JfrToPprof, whose functions carry no file names, whose
 * lines wrap at 65,536 and whose functions of one name in two objects become one.
 */
public final class PprofProfile implements RecordingExport {

  // Field numbers of message Profile.
  private static final int SAMPLE_TYPE = 1;
  private static final int SAMPLE = 2;
  private static final int MAPPING = 3;
  private static final int LOCATION = 4;
  private static final int FUNCTION = 5;
  private static final int STRING_TABLE = 6;
  private static final int TIME_NANOS = 9;
  private static final int DURATION_NANOS = 10;

  private record FunctionKey(String name, String file, String object) {}

  private record LocationKey(int function, int line, int mapping) {}

  /** Numbers things in the order in which they are first seen. */
  private static final class Numbers<T> {
    private final int first;
    private final Map<T, Integer> known = new LinkedHashMap<>();

    Numbers(int first) {
      this.first = first;
    }

    int of(T thing) {
      return known.computeIfAbsent(thing, k -> first + known.size());
    }

    List<T> inOrder() {
      return new ArrayList<>(known.keySet());
    }
  }

  /** Without state. */
  public PprofProfile() {}

  @Override
  public String format() {
    return "pprof";
  }

  @Override
  public boolean isText() {
    return false;
  }

  @Override
  public void write(StackCounts stacks, OutputStream out) throws IOException {
    Numbers<String> strings = new Numbers<>(0);
    Numbers<String> mappings = new Numbers<>(1);
    Numbers<FunctionKey> functions = new Numbers<>(1);
    Numbers<LocationKey> locations = new Numbers<>(1);
    strings.of("");
    Proto profile = new Proto(1 << 16);
    profile.field(
        SAMPLE_TYPE, message().field(1, strings.of("samples")).field(2, strings.of("count")));
    for (Map.Entry<List<Frame>, Long> stack : stacks.counts().entrySet()) {
      Proto ids = message();
      for (Frame f : stack.getKey()) {
        ProfileFrame shown = ProfileReading.shown(f);
        int function =
            functions.of(new FunctionKey(shown.function(), shown.file(), shown.object()));
        ids.writeLong(
            locations.of(new LocationKey(function, shown.line(), mappings.of(shown.object()))));
      }
      Proto values = message();
      values.writeLong(stack.getValue());
      profile.field(SAMPLE, message().field(1, ids).field(2, values));
    }
    int id = 1;
    for (String object : mappings.inOrder()) {
      // has_functions (7), has_filenames (8), has_line_numbers (9): pprof asks nobody for more
      profile.field(
          MAPPING,
          message()
              .field(1, id++)
              .field(5, strings.of(object))
              .field(7, 1)
              .field(8, 1)
              .field(9, 1));
    }
    id = 1;
    for (LocationKey l : locations.inOrder()) {
      Proto line = message().field(1, l.function()).field(2, l.line());
      profile.field(LOCATION, message().field(1, id++).field(2, l.mapping()).field(4, line));
    }
    id = 1;
    for (FunctionKey f : functions.inOrder()) {
      int name = strings.of(f.name());
      profile.field(
          FUNCTION,
          message().field(1, id++).field(2, name).field(3, name).field(4, strings.of(f.file())));
    }
    for (String s : strings.inOrder()) {
      profile.field(STRING_TABLE, s);
    }
    profile.field(TIME_NANOS, stacks.startEpochNanos());
    profile.field(DURATION_NANOS, stacks.durationNanos());
    GZIPOutputStream zipped = new GZIPOutputStream(out);
    zipped.write(profile.buffer(), 0, profile.size());
    zipped.finish();
  }

  private static Proto message() {
    return new Proto(64);
  }
}
