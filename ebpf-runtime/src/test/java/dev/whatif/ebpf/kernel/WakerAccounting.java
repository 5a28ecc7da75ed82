package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.Pidfd;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.Spawn;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.ebpf.object.GlobalVariable;
import dev.whatif.testing.Programs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** bpf/accounting.c in the kernel, around one program from its first instruction to its end. */
final class WakerAccounting implements AutoCloseable {

  /**
   * What is known of a thread that has ended.
   *
   * @param blocks waits in the marked phase
   * @param parked of them, ended by a wake that overtook the switch
   * @param unresolved of them, ended by nobody known
   */
  record Account(int tid, String name, long samples, long blocks, long parked, long unresolved) {}

  /** Which thread ended waits of which. */
  record Pair(int waker, int woken) {}

  private final BpfObject source =
      BpfObject.open(BpfSource.compiled("clang", "accounting", "-D__TARGET_ARCH_x86"));
  private final LoadedObject object = KernelLoader.load(source, LoadOptions.DEFAULT);
  private final MappedArray globals = MappedArray.of(object.map(".bss"));

  /**
   * Runs a program under it.
   *
   * @param periodNanos between samples
   * @return what the program said: numbers by name
   */
  Map<String, Long> run(long periodNanos, String... command) throws IOException {
    Path output = Files.createTempFile(Programs.folder("accounting"), "said", "");
    Spawn program =
        Spawn.held(List.of(command), new SpawnHeader.Files(List.of(), output.toString()));
    try {
      watch(program.pid());
      object.attachAll();
      object.attach("sample", new EventPlace.TaskClock(program.pid(), periodNanos), 0);
      program.release();
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (program.running() && System.nanoTime() < deadline) {
        Thread.sleep(Duration.ofMillis(20));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      program.stop(Duration.ZERO);
    }
    Map<String, Long> said = new HashMap<>();
    for (String line : Files.readAllLines(output)) {
      said.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1]));
    }
    return said;
  }

  /** The first thread was born before: it gets its storage by its descriptor. */
  private void watch(int pid) {
    int pidfd = Pidfd.open(pid);
    try {
      object
          .map("threads")
          .update(
              ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(pidfd).array(),
              new byte[object.map("threads").valueBytes()]);
    } finally {
      Unistd.close(pidfd);
    }
  }

  long global(String name) {
    GlobalVariable variable =
        source.globals().stream().filter(g -> g.name().equals(name)).findFirst().orElseThrow();
    return globals.getLong(0, variable.offset());
  }

  List<Account> accounts() {
    List<Account> accounts = new ArrayList<>();
    for (MapEntries.Entry entry : MapEntries.of(object.map("accounts"))) {
      ByteBuffer value = ByteBuffer.wrap(entry.value()).order(ByteOrder.LITTLE_ENDIAN);
      String name = new String(entry.value(), 48, 16, StandardCharsets.US_ASCII);
      accounts.add(
          new Account(
              ByteBuffer.wrap(entry.key()).order(ByteOrder.LITTLE_ENDIAN).getInt(),
              name.substring(0, name.indexOf('\0')),
              value.getLong(16),
              value.getLong(24),
              value.getLong(32),
              value.getLong(40)));
    }
    return accounts;
  }

  Account account(String name) {
    return accounts().stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
  }

  Map<Pair, Long> wakes() {
    Map<Pair, Long> wakes = new HashMap<>();
    for (MapEntries.Entry entry : MapEntries.of(object.map("wakes"))) {
      ByteBuffer key = ByteBuffer.wrap(entry.key()).order(ByteOrder.LITTLE_ENDIAN);
      wakes.put(
          new Pair(key.getInt(), key.getInt()),
          ByteBuffer.wrap(entry.value()).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }
    return wakes;
  }

  @Override
  public void close() {
    globals.close();
    object.close();
  }
}
