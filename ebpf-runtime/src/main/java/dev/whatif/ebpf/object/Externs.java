package dev.whatif.ebpf.object;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The names that an object expects from the kernel: {@code .kconfig} and {@code .ksyms}.
 *
 * <p>{@code .kconfig} is laid out here as libbpf does (largest alignment first, then by size and
 * name), so that both have the same map.
 */
final class Externs {

  static final String CONFIG = ".kconfig";
  static final String KERNEL_SYMBOLS = ".ksyms";

  private final ObjectFile file;
  private final Btf btf;
  private final Map<String, ObjectSymbol> undefined = new HashMap<>();
  private final Map<String, Integer> kernelSymbols = new HashMap<>();
  private final Map<String, ConfigExtern> config = new HashMap<>();
  private int configBytes;

  Externs(ObjectFile file, Btf btf) {
    this.file = file;
    this.btf = btf;
    for (ObjectSymbol symbol : file.symbols()) {
      if (symbol.isUndefined() && !symbol.name().isEmpty()) {
        undefined.put(symbol.name(), symbol);
      }
    }
    section(KERNEL_SYMBOLS)
        .ifPresent(
            s -> s.variables().forEach(p -> kernelSymbols.put(btf.name(p.type()), p.type())));
    section(CONFIG).ifPresent(this::layOut);
  }

  /** The variables of {@code .kconfig}. */
  List<ConfigExtern> config() {
    return List.copyOf(config.values());
  }

  /** One of them by name. */
  Optional<ConfigExtern> config(String name) {
    return Optional.ofNullable(config.get(name));
  }

  /** Bytes of {@code .kconfig}. */
  int configBytes() {
    return configBytes;
  }

  /** What a kernel symbol is in the object's BTF: a VAR or FUNC. */
  OptionalInt kernelSymbol(String name) {
    Integer id = kernelSymbols.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  private Optional<BtfType.DataSec> section(String name) {
    OptionalInt id = btf.find(BtfKind.DATASEC, name);
    return id.isPresent()
        ? Optional.of((BtfType.DataSec) btf.type(id.getAsInt()))
        : Optional.empty();
  }

  private record Unplaced(BtfType.Var variable, boolean weak, int size, int alignment) {}

  private void layOut(BtfType.DataSec section) {
    List<Unplaced> all = new ArrayList<>();
    for (BtfType.Placement p : section.variables()) {
      if (!(btf.type(p.type()) instanceof BtfType.Var variable)) {
        throw btf.bad(p.type(), "is no variable of " + CONFIG);
      }
      ObjectSymbol symbol = undefined.get(variable.name());
      boolean weak = symbol != null && symbol.isWeak();
      int size = (int) btf.sizeOf(variable.type());
      all.add(new Unplaced(variable, weak, size, alignment(variable.type())));
    }
    all.sort(
        Comparator.comparingInt((Unplaced u) -> -u.alignment)
            .thenComparingInt(Unplaced::size)
            .thenComparing(u -> u.variable.name()));
    long end = 0;
    for (Unplaced u : all) {
      ConfigExtern.Shape shape =
          ConfigExtern.shapeOf(btf, u.variable.type())
              .orElseThrow(() -> btf.bad(u.variable.id(), "cannot hold a setting of the kernel"));
      boolean signed =
          btf.type(btf.resolve(u.variable.type())) instanceof BtfType.Int i && i.isSigned();
      long at = (end + u.alignment - 1) / u.alignment * u.alignment;
      end = at + u.size;
      if (end > DataSection.MAX_BYTES) {
        throw file.bad(CONFIG, at, "more than " + DataSection.MAX_BYTES + " bytes");
      }
      String name = u.variable.name();
      config.put(name, new ConfigExtern(name, u.weak, (int) at, u.size, shape, signed));
    }
    configBytes = (int) end;
  }

  /** libbpf's btf__align_of, for what may be in .kconfig: numbers, enums and arrays of char. */
  private int alignment(int typeId) {
    int id = btf.resolve(typeId);
    if (btf.type(id) instanceof BtfType.Array array) {
      return Math.clamp(btf.sizeOf(array.element()), 1, 8);
    }
    return Math.clamp(btf.sizeOf(id), 1, 8);
  }
}
