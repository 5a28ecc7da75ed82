package dev.whatif.ebpf.map;

import dev.whatif.core.linux.RawMemory;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.map.code.MapCode;
import dev.whatif.ebpf.map.code.MapRoutine;
import dev.whatif.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** map_steps.c: the machine code of map operations in processes that are killed and stopped. */
final class StepProcess implements AutoCloseable {

  static final int OWN_KEYS = 24;
  private static final int WORDS = 1024;
  private static final int NUMBERS = 512;
  private static final int SHARED_KEYS = 24;
  private static final MapCode CODE = MapCode.emit();

  private final MapMemory code;
  private final MapMemory progress = MapMemory.create("progress", 5L * WORDS * 8);
  private final Process process;
  private final BufferedReader answers;

  StepProcess(BpfMap map) {
    for (int slot = 0; slot < 5; slot++) {
      int[] numbers =
          CollidingNumbers.from(
              slot == 0 ? 1000 : (slot + 1) * TableChurn.OWN_RANGE,
              Math.max(SHARED_KEYS, OWN_KEYS));
      for (int i = 0; i < numbers.length; i++) {
        RawMemory.putLong(word(slot, NUMBERS + i), numbers[i]);
      }
    }
    long page = MapLayout.PAGE;
    code = MapMemory.create("code", (CODE.bytes().length + page - 1) / page * page);
    RawMemory.copy(CODE.bytes(), code.address());
    MapKind kind = map.shape().kind();
    boolean table = kind.hashed();
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      Programs.compiled("map_steps.c", "-O2", "-mno-red-zone").toString(),
                      path(map.memory()),
                      path(code),
                      path(progress),
                      offset(table ? kind.name() + "_UPDATE" : "UPDATE"),
                      offset("HASH_DELETE"),
                      offset(table ? kind.name() + "_LOOKUP" : "LOOKUP"),
                      offset("RINGBUF_OUTPUT"),
                      Integer.toString(OWN_KEYS)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answers = process.inputReader();
  }

  private static String offset(String routine) {
    return Integer.toString(CODE.offset(MapRoutine.valueOf(routine)));
  }

  private static String path(MapMemory memory) {
    return "/proc/" + Unistd.getpid() + "/fd/" + memory.fd();
  }

  String command(String format, Object... arguments) {
    try {
      process.outputWriter().write(format.formatted(arguments) + "\n");
      process.outputWriter().flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new AssertionError("map_steps has ended");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of a process's own key. */
  int ownKey(int slot, int index) {
    return (int) RawMemory.getLong(word(slot, NUMBERS + index));
  }

  private long word(int slot, int index) {
    return progress.address() + 8L * (slot * WORDS + index);
  }

  /** The key that was being changed; -1 for none. */
  int underWay(int slot) {
    return (int) RawMemory.getLong(word(slot, 0)) - 1;
  }

  long contentUnderWay(int slot) {
    return RawMemory.getLong(word(slot, 1));
  }

  long content(int slot, int index) {
    return RawMemory.getLong(word(slot, 16 + index));
  }

  /** What became of a change that was under way. */
  void setContent(int slot, int index, long content) {
    RawMemory.putLong(word(slot, 16 + index), content);
    RawMemory.putLong(word(slot, 0), 0);
  }

  long written(int slot) {
    return RawMemory.getLong(word(slot, 2));
  }

  long refused(int slot) {
    return RawMemory.getLong(word(slot, 3));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    code.close();
    progress.close();
  }
}
