package dev.whatif.core.symbol;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.elf.Segment;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.process.ProcMaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that runs while a test looks at it. */
final class RunningProgram implements AutoCloseable {

  private final Process process;
  private final int pid;

  private RunningProgram(Process process, int pid) {
    this.process = process;
    this.pid = pid;
  }

  /** Starts it and waits until it has mapped itself. */
  static RunningProgram start(Path program, String... args) throws Exception {
    String[] command = new String[args.length + 1];
    command[0] = program.toString();
    System.arraycopy(args, 0, command, 1, args.length);
    Process process = new ProcessBuilder(command).start();
    int pid = (int) process.pid();
    for (int i = 0; i < 5000; i++) {
      // The first store of spin.c happens after the loader is done.
      if (Files.readString(Path.of("/proc/" + pid + "/comm")).strip().equals(comm(program))
          && ProcMaps.read(pid).stream()
              .anyMatch(m -> m.executable() && m.path().contains("libc"))) {
        break;
      }
      Thread.sleep(1);
    }
    return new RunningProgram(process, pid);
  }

  int pid() {
    return pid;
  }

  AddressSpace space() throws IOException {
    return AddressSpace.of(pid);
  }

  /** The executable mapping of a file. */
  Mapping codeOf(Path file) throws IOException {
    return space().mappings().stream()
        .filter(m -> m.path().equals(file.toString()))
        .findFirst()
        .orElseThrow();
  }

  /** Where an address of the file is in the process. */
  static long runtimeAddress(ElfFile elf, Mapping code, long vaddr) {
    for (Segment s : elf.segments()) {
      if (s.type() == Segment.PT_LOAD
          && vaddr >= s.address()
          && vaddr < s.address() + s.fileSize()) {
        return vaddr - s.address() + s.offset() - code.fileOffset() + code.start();
      }
    }
    throw new AssertionError("not loaded: " + Long.toHexString(vaddr));
  }

  private static String comm(Path program) {
    String name = program.getFileName().toString();
    return name.length() > 15 ? name.substring(0, 15) : name;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
