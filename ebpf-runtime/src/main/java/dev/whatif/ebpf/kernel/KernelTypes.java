package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The running kernel's types and those of its modules, which are read only when vmlinux does not
 * have what is asked for. Used while one object is loaded, by one thread.
 */
final class KernelTypes implements AutoCloseable {

  /**
   * A type of the kernel.
   *
   * @param types where it is
   * @param module the descriptor of the module's types; null is vmlinux
   */
  record Found(int id, Btf types, @Nullable KernelBtf module) {}

  private final Path folder;
  private final Map<String, KernelBtf> descriptors = new LinkedHashMap<>();
  private @Nullable Map<String, Btf> modules;

  KernelTypes() {
    this(Path.of("/sys/kernel/btf"));
  }

  /**
   * Of the running kernel.
   *
   * @param folder where its modules' types are
   */
  KernelTypes(Path folder) {
    this.folder = folder;
  }

  /** The first type of that kind and name, vmlinux before the modules. */
  Optional<Found> find(BtfKind kind, String name) {
    OptionalInt own = Btf.ofKernel().find(kind, name);
    if (own.isPresent()) {
      return Optional.of(new Found(own.getAsInt(), Btf.ofKernel(), null));
    }
    for (Map.Entry<String, Btf> module : modules().entrySet()) {
      OptionalInt id = module.getValue().find(kind, name);
      if (id.isPresent()) {
        return Optional.of(
            new Found(id.getAsInt(), module.getValue(), descriptor(module.getKey())));
      }
    }
    return Optional.empty();
  }

  /** The modules' types, for relocation. */
  List<Btf> moduleTypes() {
    return List.copyOf(modules().values());
  }

  private Map<String, Btf> modules() {
    Map<String, Btf> read = modules;
    if (read == null) {
      read = new LinkedHashMap<>();
      for (Path file : files()) {
        try {
          String name = file.getFileName().toString();
          read.put(name, Btf.parseSplit(file.toString(), Files.readAllBytes(file), Btf.ofKernel()));
        } catch (IOException e) {
          // unloaded meanwhile, or not for this user
        }
      }
      modules = read;
    }
    return read;
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    try (var all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        if (!file.getFileName().toString().equals("vmlinux")) {
          files.add(file);
        }
      }
    } catch (IOException e) {
      // no folder, no modules
    }
    return files;
  }

  private KernelBtf descriptor(String module) {
    return descriptors.computeIfAbsent(
        module,
        m ->
            KernelBtf.ofModule(m)
                .orElseThrow(() ->
                    new UnavailableException(
                        "the types of kernel module "
                            + m
                            + " are gone: it has just been unloaded")));
  }

  /** Programs keep the modules' types that they need themselves. */
  @Override
  public void close() {
    descriptors.values().forEach(KernelBtf::close);
  }
}
