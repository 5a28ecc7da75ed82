package dev.whatif.ebpf.kernel;

import dev.whatif.testing.Programs;
import java.nio.file.Path;

/** What libbpf's reader makes of a ring (libbpf_rings.c). */
record LibbpfReader(long records, long checksum, long lost) {

  static Path program() {
    return Programs.compiled("libbpf_rings.c", "-O1", "-Wall", "-lbpf");
  }

  /** Reads a ring until nothing comes any more. */
  static LibbpfReader ring(KernelMap ring) {
    return parse(Programs.run(program().toString(), "ring", "" + ring.id()));
  }

  /** The reader's last line. */
  static LibbpfReader parse(String output) {
    String[] words = output.lines().toList().getLast().split(" ");
    return new LibbpfReader(
        Long.parseLong(words[1]), Long.parseUnsignedLong(words[3]), Long.parseLong(words[5]));
  }
}
