package dev.whatif.ebpf.object;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfExt;
import dev.whatif.ebpf.btf.BtfType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One ELF object of clang's, ready for any loader: nothing here knows the kernel or needs a
 * privilege.
 *
 * <p>Immutable, any thread may read; the {@code with} methods give another object. Arrays that are
 * handed out are not copies and not to be changed.
 */
public final class BpfObject {

  private final String name;
  private final String license;
  private final int version;
  private final Optional<Btf> btf;
  private final Optional<Btf> finished;
  private final Optional<BtfExt> ext;
  private final List<MapDefinition> maps;
  private final List<ProgramDefinition> programs;
  private final List<StructOpsDefinition> structOps;
  private final List<ConfigExtern> config;

  BpfObject(
      String name,
      String license,
      int version,
      Optional<Btf> btf,
      Optional<Btf> finished,
      Optional<BtfExt> ext,
      List<MapDefinition> maps,
      List<ProgramDefinition> programs,
      List<StructOpsDefinition> structOps,
      List<ConfigExtern> config) {
    this.name = name;
    this.license = license;
    this.version = version;
    this.btf = btf;
    this.finished = finished;
    this.ext = ext;
    this.maps = maps;
    this.programs = programs;
    this.structOps = structOps;
    this.config = config;
  }

  /**
   * Reads a file.
   *
   * @throws BadDataException when it is no BPF object, or a damaged one: names section and offset
   * @throws UsageException when there is no such file
   * @throws UnavailableException when it cannot be read
   */
  public static BpfObject open(Path file) {
    return parse(file.toString(), ObjectBytes.of(file));
  }

  /**
   * Reads an object from memory.
   *
   * @param name what to call it in errors
   */
  public static BpfObject parse(String name, byte[] bytes) {
    return new ObjectReader(name, bytes).read();
  }

  /** What it is called in errors: its path where it has one. */
  public String name() {
    return name;
  }

  /** From section {@code license}, empty when there is none. */
  public String license() {
    return license;
  }

  /** From section {@code version}, 0 when there is none: only kernels before 5.0 ask for it. */
  public int version() {
    return version;
  }

  /** The types as the compiler wrote them. */
  public Optional<Btf> btf() {
    return btf;
  }

  /** Lines, functions and CO-RE relocations by section of the file. */
  public Optional<BtfExt> ext() {
    return ext;
  }

  /**
   * The maps: those of {@code .maps}, then global data by section, then {@code .kconfig}. The
   * struct_ops maps are not among them.
   */
  public List<MapDefinition> maps() {
    return maps;
  }

  /** The programs, linked, in the file's order. */
  public List<ProgramDefinition> programs() {
    return programs;
  }

  /** The tables of functions for the kernel. */
  public List<StructOpsDefinition> structOps() {
    return structOps;
  }

  /** The variables in sections of global data. */
  public List<GlobalVariable> globals() {
    List<GlobalVariable> globals = new ArrayList<>();
    for (MapDefinition map : maps) {
      if (map.isData() && map.btfValueTypeId() != 0) {
        Btf types = finished.orElseThrow();
        BtfType.DataSec section = (BtfType.DataSec) types.type(map.btfValueTypeId());
        for (BtfType.Placement p : section.variables()) {
          if (types.type(p.type()) instanceof BtfType.Var v) {
            globals.add(new GlobalVariable(v.name(), map.name(), p.offset(), p.size(), v.type()));
          }
        }
      }
    }
    return globals;
  }

  /**
   * The same with another initial value of a global variable.
   *
   * @param variable as in C
   * @param value exactly as many bytes as the variable has
   * @throws UsageException when there is no such variable, or its size is another
   */
  public BpfObject withGlobal(String variable, byte[] value) {
    GlobalVariable global = global(variable);
    if (global.size() != value.length) {
      throw new UsageException(
          "%s: variable '%s' has %d bytes, not %d"
              .formatted(name, variable, global.size(), value.length));
    }
    return withData(global.section(), global.offset(), value);
  }

  /**
   * The same with another value of an integer, enum or pointer variable.
   *
   * @throws UsageException when the number does not fit the variable, as signed or unsigned
   */
  public BpfObject withGlobal(String variable, long value) {
    GlobalVariable global = global(variable);
    int bits = global.size() * 8;
    if (bits > Long.SIZE
        || (bits < Long.SIZE && (value < -1L << bits - 1 || value >= 1L << bits))) {
      throw new UsageException(
          "%s: %d does not fit variable '%s' of %d bytes"
              .formatted(name, value, variable, global.size()));
    }
    byte[] wide =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return withData(global.section(), global.offset(), Arrays.copyOf(wide, global.size()));
  }

  /** Whether it asks for settings of the kernel: then {@link #withKernelConfig} comes first. */
  public boolean needsKernelConfig() {
    return !config.isEmpty();
  }

  /**
   * The same with {@code .kconfig} filled in.
   *
   * @throws dev.whatif.core.failure.UnavailableException when a setting that is not weak is unknown
   * @throws BadDataException when one does not fit its variable
   */
  public BpfObject withKernelConfig(KernelConfig kernel) {
    List<MapDefinition> changed = new ArrayList<>(maps);
    changed.replaceAll(map -> map.name().equals(Externs.CONFIG) ? configured(map, kernel) : map);
    return with(changed);
  }

  private MapDefinition configured(MapDefinition map, KernelConfig kernel) {
    byte[] data = map.initialValue().clone();
    for (ConfigExtern extern : config) {
      byte[] value = extern.value(kernel);
      System.arraycopy(value, 0, data, extern.offset(), value.length);
    }
    return map.withInitialValue(data);
  }

  /**
   * The BTF for BPF_BTF_LOAD: ids and strings of {@link #btf} at their places, sections with sizes
   * and offsets, externs as the kernel takes them. Empty when the object has none.
   */
  public byte[] sanitisedBtf() {
    return finished.map(Btf::raw).orElse(new byte[0]);
  }

  private GlobalVariable global(String variable) {
    List<GlobalVariable> all = globals();
    return all.stream()
        .filter(g -> g.name().equals(variable))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                name + ": no global variable '" + variable + "'",
                "choose among " + all.stream().map(GlobalVariable::name).limit(20).toList()));
  }

  private BpfObject withData(String section, int offset, byte[] value) {
    List<MapDefinition> changed = new ArrayList<>();
    for (MapDefinition map : maps) {
      if (!map.isData() || !map.name().equals(section)) {
        changed.add(map);
        continue;
      }
      byte[] data = map.initialValue().clone();
      if (offset < 0 || offset > data.length - value.length) {
        throw new BadDataException(
            "%s: %s: a variable at offset 0x%x of 0x%x bytes"
                .formatted(name, section, offset, data.length));
      }
      System.arraycopy(value, 0, data, offset, value.length);
      changed.add(map.withInitialValue(data));
    }
    return with(changed);
  }

  private BpfObject with(List<MapDefinition> changed) {
    return new BpfObject(
        name,
        license,
        version,
        btf,
        finished,
        ext,
        List.copyOf(changed),
        programs,
        structOps,
        config);
  }
}
