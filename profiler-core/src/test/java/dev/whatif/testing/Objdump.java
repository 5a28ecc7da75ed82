package dev.whatif.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What binutils read in machine code. */
public final class Objdump {

  private Objdump() {}

  /** One line for each instruction, in Intel's syntax; numbers that are 0 left out of addresses. */
  public static List<String> read(byte[] code, long base) {
    try {
      Path file = Files.createTempFile("whatif-code", "");
      try {
        Files.write(file, code);
        return Programs.run(
                "objdump",
                "-D",
                "-b",
                "binary",
                "-m",
                "i386:x86-64",
                "-M",
                "intel",
                "--no-show-raw-insn",
                "--adjust-vma=0x" + Long.toHexString(base),
                file.toString())
            .lines()
            .filter(l -> l.matches(" +[0-9a-f]+:\t.*"))
            .map(l -> l.substring(l.indexOf('\t') + 1).strip().replaceAll(" +", " "))
            .map(l -> l.replace("+0x0]", "]"))
            .toList();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
