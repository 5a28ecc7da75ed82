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

  private RunningProgram(Process process) {
    this.process = process;
    this.pid = (int) process.pid();
  }

  /** Starts it and waits until it has mapped itself and its C library. */
  static RunningProgram start(Path program) throws Exception {
    return startAs(program.getFileName().toString(), program.toString());
  }

  /** Runs a command and waits until it has become a program of that name. */
  static RunningProgram startAs(String name, String... command) throws Exception {
    RunningProgram running = new RunningProgram(new ProcessBuilder(command).inheritIO().start());
    for (int i = 0; i < 10_000; i++) {
      if (Files.readString(Path.of("/proc/" + running.pid + "/comm")).strip().equals(name)
          && ProcMaps.read(running.pid).stream()
              .anyMatch(m -> m.executable() && m.objectName().startsWith("libc."))) {
        return running;
      }
      Thread.sleep(1);
    }
    running.close();
    throw new AssertionError(name + " does not start");
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

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
