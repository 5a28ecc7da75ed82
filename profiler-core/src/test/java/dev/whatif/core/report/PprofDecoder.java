package dev.whatif.core.report;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Reads profile.proto (github.com/google/pprof/blob/main/proto/profile.proto) by field numbers.
 *
 * @param stacks "leaf:line;caller:line" to the sum of first values
 * @param files function name to its file name
 */
public record PprofDecoder(Map<String, Long> stacks, Map<String, String> files) {

  private record Sample(List<Long> locations, long value) {}

  /** Decodes one profile. */
  public static PprofDecoder of(byte[] bytes) {
    List<String> strings = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    Map<Long, long[]> locations = new HashMap<>();
    Map<Long, long[]> functions = new HashMap<>();
    fields(
        ByteBuffer.wrap(bytes),
        (field, value) -> {
          switch (field) {
            case 2 -> samples.add(sample((ByteBuffer) value));
            case 4 -> location((ByteBuffer) value, locations);
            case 5 -> function((ByteBuffer) value, functions);
            case 6 -> strings.add(StandardCharsets.UTF_8.decode((ByteBuffer) value).toString());
            default -> {}
          }
        });
    Map<String, Long> stacks = new HashMap<>();
    for (Sample s : samples) {
      List<String> names = new ArrayList<>();
      for (long id : s.locations()) {
        long[] lines = locations.get(id);
        for (int i = 0; i < lines.length; i += 2) {
          names.add(strings.get((int) functions.get(lines[i])[0]) + ":" + lines[i + 1]);
        }
      }
      stacks.merge(String.join(";", names), s.value(), Long::sum);
    }
    Map<String, String> files = new HashMap<>();
    functions.values().forEach(f -> files.put(strings.get((int) f[0]), strings.get((int) f[1])));
    return new PprofDecoder(stacks, files);
  }

  private static Sample sample(ByteBuffer message) {
    List<Long> ids = new ArrayList<>();
    List<Long> values = new ArrayList<>();
    fields(
        message,
        (field, value) -> {
          if (field == 1 || field == 2) {
            List<Long> target = field == 1 ? ids : values;
            if (value instanceof ByteBuffer packed) {
              while (packed.hasRemaining()) {
                target.add(varint(packed));
              }
            } else {
              target.add((Long) value);
            }
          }
        });
    return new Sample(ids, values.getFirst());
  }

  private static void location(ByteBuffer message, Map<Long, long[]> locations) {
    long[] id = new long[1];
    List<Long> lines = new ArrayList<>();
    fields(
        message,
        (field, value) -> {
          if (field == 1) {
            id[0] = (Long) value;
          } else if (field == 4) {
            long[] line = new long[2];
            fields((ByteBuffer) value, (f, v) -> line[f - 1] = f <= 2 ? (Long) v : 0);
            lines.add(line[0]);
            lines.add(line[1]);
          }
        });
    locations.put(id[0], lines.stream().mapToLong(Long::longValue).toArray());
  }

  private static void function(ByteBuffer message, Map<Long, long[]> functions) {
    long[] f = new long[3];
    fields(
        message,
        (field, value) -> {
          switch (field) {
            case 1 -> f[2] = (Long) value;
            case 2 -> f[0] = (Long) value;
            case 4 -> f[1] = (Long) value;
            default -> {}
          }
        });
    functions.put(f[2], f);
  }

  private static void fields(ByteBuffer message, BiConsumer<Integer, Object> consumer) {
    while (message.hasRemaining()) {
      long tag = varint(message);
      int field = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> consumer.accept(field, varint(message));
        case 1 -> consumer.accept(field, message.getLong());
        case 2 -> {
          int length = (int) varint(message);
          consumer.accept(field, message.slice(message.position(), length));
          message.position(message.position() + length);
        }
        default -> throw new AssertionError("wire type of tag " + tag);
      }
    }
  }

  private static long varint(ByteBuffer b) {
    long result = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = b.get();
      result |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return result;
      }
    }
  }
}
