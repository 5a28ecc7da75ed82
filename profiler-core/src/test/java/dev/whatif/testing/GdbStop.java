package dev.whatif.testing;

import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What gdb saw of one thread at one stop of a running process: the truth about its stack.
 *
 * @param number of the stop: all threads are stopped at once
 * @param thread the kernel's id
 * @param registers by DWARF number, rip last
 * @param stacks the stack that rsp points to first, then those that signal handlers interrupted
 * @param frames from the innermost, inlined ones too
 * @param mappings of the process at that stop
 * @param end why gdb's backtrace ends
 */
public record GdbStop(
    int number,
    int thread,
    long[] registers,
    List<Stack> stacks,
    List<Frame> frames,
    List<Mapping> mappings,
    String end) {

  private static final int INLINED = 2;
  private static final int TAIL_CALL = 3;

  /**
   * A piece of stack memory.
   *
   * @param address of the first byte: the stack pointer of its innermost frame
   * @param bytes up to the end of the stack's mapping
   */
  public record Stack(long address, byte[] bytes) {}

  /**
   * A frame of gdb.
   *
   * @param type gdb's number: 0 normal, 1 a call by gdb itself, 2 inlined, 3 tail call, 4 signal
   *     trampoline
   * @param name as gdb writes it, "?" when it knows none
   * @param file as gdb's find_sal tells it, "" when it knows none
   * @param line 0 when gdb knows none
   */
  public record Frame(long pc, int type, String name, String file, int line) {

    /** Whether it has a stack frame of its own: not inlined and not guessed from a tail call. */
    public boolean physical() {
      return type != INLINED && type != TAIL_CALL;
    }

    /** Whether it was inlined into the next one. */
    public boolean inlined() {
      return type == INLINED;
    }
  }

  /**
   * The frames that are on the stack, inlined ones with them: without the callers that gdb infers
   * from tail calls (and what is inlined in those), of which nothing is left in memory.
   */
  public List<Frame> logical() {
    List<Frame> result = new ArrayList<>();
    List<Frame> inlined = new ArrayList<>();
    for (Frame f : frames) {
      inlined.add(f);
      if (!f.inlined()) {
        if (f.type() != TAIL_CALL) {
          result.addAll(inlined);
        }
        inlined.clear();
      }
    }
    result.addAll(inlined);
    return result;
  }

  /** Whether gdb has inferred callers from tail calls. */
  public boolean hasTailCalls() {
    return frames.stream().anyMatch(f -> f.type() == TAIL_CALL);
  }

  /**
   * Stops a process and looks at all its threads, several times; the process runs on afterwards.
   *
   * @param pid of a process that this user may ptrace
   * @param stops how often
   * @param pauseSeconds between two stops, on average
   */
  public static List<GdbStop> of(long pid, int stops, double pauseSeconds) {
    try {
      Path folder = Files.createTempDirectory(Programs.folder("gdb"), "stops");
      Path script = folder.resolve("stops.py");
      try (InputStream in = GdbStop.class.getResourceAsStream("stops.py")) {
        if (in == null) {
          throw new AssertionError("stops.py is not among the test resources");
        }
        Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      }
      Path out = folder.resolve("stops");
      Programs.run(
          "gdb",
          "-nx",
          "-batch",
          "-ex",
          "python whatif_pid=%d; whatif_stops=%d; whatif_pause=%s; whatif_out='%s'"
              .formatted(pid, stops, pauseSeconds, out),
          "-x",
          script.toString());
      return read(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<GdbStop> read(Path file) throws IOException {
    byte[] stacks = Files.readAllBytes(Path.of(file + ".stack"));
    List<GdbStop> result = new ArrayList<>();
    List<Mapping> mappings = List.of();
    List<String> lines = Files.readAllLines(file);
    int number = 0;
    int thread = 0;
    long[] registers = new long[0];
    List<Stack> pieces = new ArrayList<>();
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ", 5);
      switch (words[0]) {
        case "MAPS" -> {
          int n = Integer.parseInt(words[1]);
          mappings = ProcMaps.parse(String.join("\n", lines.subList(i + 1, i + 1 + n)));
          i += n;
        }
        case "STOP" -> {
          number = Integer.parseInt(words[1]);
          thread = Integer.parseInt(words[2]);
          frames.clear();
          pieces.clear();
        }
        case "REGS" ->
            registers =
                Arrays.stream(lines.get(i).substring(5).split(" "))
                    .mapToLong(r -> Long.parseUnsignedLong(r, 16))
                    .toArray();
        case "STACK" -> {
          int from = Integer.parseInt(words[2]);
          byte[] bytes = Arrays.copyOfRange(stacks, from, from + Integer.parseInt(words[3]));
          pieces.add(new Stack(Long.parseUnsignedLong(words[1], 16), bytes));
        }
        case "FRAME" -> frames.add(frame(words));
        case "END" ->
            result.add(
                new GdbStop(
                    number,
                    thread,
                    registers,
                    List.copyOf(pieces),
                    List.copyOf(frames),
                    mappings,
                    lines.get(i).substring(3).strip()));
        default -> throw new AssertionError("not understood: " + lines.get(i));
      }
    }
    return result;
  }

  private static Frame frame(String[] words) {
    int tab = words[4].lastIndexOf('\t');
    return new Frame(
        Long.parseUnsignedLong(words[1], 16),
        Integer.parseInt(words[2]),
        words[4].substring(0, tab),
        words[4].substring(tab + 1),
        Integer.parseInt(words[3]));
  }
}
