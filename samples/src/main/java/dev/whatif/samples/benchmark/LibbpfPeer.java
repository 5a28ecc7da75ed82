package dev.whatif.samples.benchmark;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** libbpf's reader of a ring in a program of its own; needs a C compiler and libbpf-dev. */
final class LibbpfPeer implements AutoCloseable {

  private static final String SOURCE =
      """
      #include <bpf/bpf.h>
      #include <bpf/libbpf.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <time.h>
      static unsigned long records, sum;
      static int take(void *context, void *data, size_t size) {
        records++;
        sum += *(unsigned long *)data + size;
        return 0;
      }
      static long now(void) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * 1000000000L + t.tv_nsec;
      }
      int main(int argc, char **argv) {
        struct ring_buffer *ring = ring_buffer__new(bpf_map_get_fd_by_id(atoi(argv[1])), take, 0, 0);
        if (!ring) return 1;
        long begin = now();
        ring_buffer__consume(ring);
        printf("%lu %ld %lu\\n", records, now() - begin, sum);
      }
      """;

  /** What one run has read, and how long that took. */
  record Reading(long records, long nanos) {}

  private final Path folder;

  private LibbpfPeer(Path folder) {
    this.folder = folder;
  }

  static LibbpfPeer compile() throws IOException, InterruptedException {
    LibbpfPeer peer = new LibbpfPeer(Files.createTempDirectory("whatif-libbpf"));
    try {
      Path source = Files.writeString(peer.folder.resolve("reader.c"), SOURCE);
      peer.run("cc", "-O2", "-o", peer.reader(), source.toString(), "-lbpf");
      return peer;
    } catch (IOException | InterruptedException | RuntimeException e) {
      peer.close();
      throw e;
    }
  }

  Reading read(int mapId) throws IOException, InterruptedException {
    String[] words = run(reader(), Integer.toString(mapId)).strip().split(" ");
    return new Reading(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  private String reader() {
    return folder.resolve("reader").toString();
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Spawn program =
        Spawn.running(List.of(command), new SpawnHeader.Files(List.of(), output.toString()));
    while (program.running()) {
      Thread.sleep(5);
    }
    String said = Files.readString(output);
    if (program.ended().orElseThrow().exitStatus() != 0) {
      throw new UnavailableException(
          "%s failed: %s".formatted(command[0], said.strip()),
          "install a C compiler and libbpf-dev");
    }
    return said;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    }
  }
}
