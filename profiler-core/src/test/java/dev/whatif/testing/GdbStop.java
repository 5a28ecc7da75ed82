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
 * @param thread the kernel's id
 * @param registers by DWARF number, rip last
 * @param stackAddress of the first byte of {@code stack}: rsp
 * @param stack up to the end of the stack's mapping
 * @param frames from the innermost, inlined ones too
 * @param mappings of the process at that stop
 * @param end why gdb's backtrace ends
 */
public record GdbStop(
    int thread,
    long[] registers,
    long stackAddress,
    byte[] stack,
    List<Frame> frames,
    List<Mapping> mappings,
    String end) {

  private static final int NORMAL = 0;
  private static final int INLINED = 2;
  private static final int TAIL_CALL = 3;

  /**
   * A frame of gdb.
   *
   * @param type gdb's number: 0 normal, 1 a call by gdb itself, 2 inlined, 3 tail call, 4 signal
   *     trampoline
   */
  public record Frame(long pc, int type, String name) {

    /** Whether it has a stack frame of its own: not inlined and not guessed from a tail call. */
    public boolean physical() {
      return type != INLINED && type != TAIL_CALL;
    }

    /** Whether it is an ordinary function. */
    public boolean normal() {
      return type == NORMAL;
    }
  }

  /** Addresses of the physical frames, from the innermost. */
  public long[] physicalPcs() {
    return frames.stream().filter(Frame::physical).mapToLong(Frame::pc).toArray();
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
    int thread = 0;
    long[] registers = new long[0];
    long stackAddress = 0;
    byte[] stack = new byte[0];
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ", 4);
      switch (words[0]) {
        case "MAPS" -> {
          int n = Integer.parseInt(words[1]);
          mappings = ProcMaps.parse(String.join("\n", lines.subList(i + 1, i + 1 + n)));
          i += n;
        }
        case "STOP" -> {
          thread = Integer.parseInt(words[1]);
          frames = new ArrayList<>();
        }
        case "REGS" ->
            registers =
                Arrays.stream(lines.get(i).substring(5).split(" "))
                    .mapToLong(r -> Long.parseUnsignedLong(r, 16))
                    .toArray();
        case "STACK" -> {
          stackAddress = Long.parseUnsignedLong(words[1], 16);
          int from = Integer.parseInt(words[2]);
          stack = Arrays.copyOfRange(stacks, from, from + Integer.parseInt(words[3]));
        }
        case "FRAME" ->
            frames.add(
                new Frame(
                    Long.parseUnsignedLong(words[1], 16), Integer.parseInt(words[2]), words[3]));
        case "END" ->
            result.add(
                new GdbStop(
                    thread,
                    registers,
                    stackAddress,
                    stack,
                    List.copyOf(frames),
                    mappings,
                    lines.get(i).substring(3).strip()));
        default -> throw new AssertionError("not understood: " + lines.get(i));
      }
    }
    return result;
  }
}
