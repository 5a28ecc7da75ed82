package dev.whatif.core.sample;

import dev.whatif.core.elf.BuildId;
import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.process.AddressSpace;
import dev.whatif.core.process.Mapping;
import dev.whatif.core.recording.MappingEvent;
import dev.whatif.core.recording.Recorder;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records each file mapping in which a frame lies, once, so that a reader can find the very same
 * file again. A child that was forked shares its parent's mappings and repeats none.
 */
final class MappingLog {

  private final Recorder recorder;
  private final Set<Mapping> known = new HashSet<>();
  private final Map<String, String> buildIds = new HashMap<>();

  MappingLog(Recorder recorder) {
    this.recorder = recorder;
  }

  /** A frame lies at this address. */
  void used(long timeNanos, AddressSpace space, long pc) {
    Mapping m = space.find(pc);
    if (m == null || !m.isFile() || !known.add(m)) {
      return;
    }
    recorder.mapping(
        new MappingEvent(
            timeNanos,
            space.pid(),
            m.start(),
            m.end() - m.start(),
            m.fileOffset(),
            m.path(),
            buildId(space.pid(), m)));
  }

  private @Nullable String buildId(int pid, Mapping m) {
    String key = m.path() + "\0" + m.device() + "\0" + m.inode();
    String id = buildIds.computeIfAbsent(key, k -> read(pid, m));
    return id.isEmpty() ? null : id;
  }

  private static String read(int pid, Mapping m) {
    // through the process's root when it still runs: it may live in another mount namespace
    for (Path path : new Path[] {Path.of("/proc/" + pid + "/root" + m.path()), Path.of(m.path())}) {
      if (Files.isRegularFile(path)) {
        try (ElfFile elf = ElfFile.open(path)) {
          return elf.buildId().map(BuildId::hex).orElse("");
        } catch (BadDataException | UncheckedIOException e) {
          return ""; // not an ELF file, or not readable: the recording says the path alone
        }
      }
    }
    return "";
  }
}
