package dev.whatif.ebpf.object;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The bytes of a file that a user has called an object. */
final class ObjectBytes {

  private static final long MOST = 256L << 20;
  private static final int ELF_DATA = 5;
  private static final int BIG_ENDIAN = 2;

  private ObjectBytes() {}

  static byte[] of(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new BadDataException(file + ": is a folder, not a BPF object");
      }
      if (Files.size(file) > MOST) {
        throw new BadDataException(file + ": not a BPF object (" + Files.size(file) + " bytes)");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + file, null, e);
    } catch (AccessDeniedException e) {
      throw new UnavailableException("cannot read " + file + ": permission denied", null, e);
    } catch (IOException e) {
      throw new UnavailableException("cannot read " + file + ": " + e.getMessage(), null, e);
    }
  }

  /** Says what is wrong with what cannot be an object, and how to make one. */
  static void requireLittleEndianElf(String name, byte[] bytes) {
    boolean elf =
        bytes.length > ELF_DATA
            && bytes[0] == 0x7f
            && bytes[1] == 'E'
            && bytes[2] == 'L'
            && bytes[3] == 'F';
    if (!elf) {
      throw new BadDataException(
          name + (bytes.length == 0 ? ": is empty" : ": not an ELF file"),
          "BPF objects are made by clang -target bpf -O2 -g -c");
    }
    if (bytes[ELF_DATA] == BIG_ENDIAN) {
      throw new BadDataException(
          name + ": a big-endian object; this machine is little-endian",
          "compile with clang -target bpfel -O2 -g -c");
    }
  }
}
