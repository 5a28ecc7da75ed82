package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.InitialSlot;
import dev.whatif.ebpf.object.KernelConfig;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.object.SectionKind;
import dev.whatif.ebpf.object.StructOpsDefinition;
import dev.whatif.ebpf.relocation.CoreRelocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings an object into the kernel: types, maps with their first values, programs with what their
 * code names filled in, tables of functions. Nothing is attached. What fails leaves nothing behind.
 *
 * <p>The order and the conventions are libbpf's (tools/lib/bpf/libbpf.c, bpf_object_load), without
 * its probing of what the kernel can.
 */
public final class KernelLoader {

  private final BpfObject object;
  private final LoadOptions options;
  private final List<KernelObject> made = new ArrayList<>();
  private final Map<String, KernelMap> maps = new LinkedHashMap<>();
  private final Map<String, KernelProgram> programs = new LinkedHashMap<>();
  private final Map<String, ProgramDefinition> definitions = new LinkedHashMap<>();
  private final List<StructOpsTable> structOps = new ArrayList<>();
  private final KernelTypes kernel = new KernelTypes();
  private final KernelAddresses addresses = new KernelAddresses();
  private @Nullable KernelBtf types;
  private @Nullable CoreRelocator relocator;

  private KernelLoader(BpfObject object, LoadOptions options) {
    this.object = object;
    this.options = options;
  }

  /**
   * Loads an object.
   *
   * @throws BadDataException when the verifier refuses a program, or the object asks for what makes
   *     no sense
   * @throws UnavailableException when this user may not, or this kernel cannot
   */
  public static LoadedObject load(BpfObject object, LoadOptions options) {
    BpfObject configured =
        object.needsKernelConfig()
            ? object.withKernelConfig(KernelConfig.ofRunningKernel())
            : object;
    KernelLoader loader = new KernelLoader(configured, options);
    try (KernelTypes kernel = loader.kernel) {
      return loader.load();
    } catch (RuntimeException e) {
      LoadedObject.closeAll(loader.made);
      throw e;
    }
  }

  private LoadedObject load() {
    byte[] btf = object.sanitisedBtf();
    if (btf.length > 0) {
      types = keep(KernelBtf.load(object.name(), btf));
    }
    MapLoading mapLoading = new MapLoading(types, options.pinFolder());
    for (MapDefinition definition : object.maps()) {
      maps.put(definition.name(), keep(mapLoading.load(definition)));
    }
    Map<String, StructOpsLoading> tables = new LinkedHashMap<>();
    for (StructOpsDefinition definition : object.structOps()) {
      if (definition.automatic()) {
        StructOpsLoading table =
            new StructOpsLoading(definition, object.btf().orElseThrow(), kernel);
        tables.put(definition.name(), table);
        maps.put(definition.name(), keep(table.createMap(requireTypes(definition))));
      }
    }
    for (ProgramDefinition definition : object.programs()) {
      if (definition.kind().automatic() && options.programs().test(definition.name())) {
        spec(definition, tables).ifPresent(spec -> load(definition, spec));
      }
    }
    for (MapDefinition definition : object.maps()) {
      for (InitialSlot slot : definition.slots()) {
        fill(definition.name(), slot);
      }
    }
    for (StructOpsDefinition definition : object.structOps()) {
      StructOpsLoading table = tables.get(definition.name());
      if (table != null) {
        KernelMap map = map(definition.name());
        structOps.add(new StructOpsTable(map, table.value(programs), definition.link()));
      }
    }
    return new LoadedObject(maps, programs, definitions, structOps, made);
  }

  private void load(ProgramDefinition definition, ProgramSpec spec) {
    programs.put(definition.name(), keep(KernelProgram.load(spec)));
    definitions.put(definition.name(), definition);
  }

  /** Empty for what the kernel has no use for. */
  private Optional<ProgramSpec> spec(
      ProgramDefinition definition, Map<String, StructOpsLoading> tables) {
    SectionKind kind = definition.kind();
    List<CoreRelocation> relocations = definition.relocations();
    byte[] code = definition.code().clone();
    if (options.relocation() == LoadOptions.Relocation.OURS && !relocations.isEmpty()) {
      code = relocator().relocate(definition.name(), code, relocations).code();
      relocations = List.of();
    }
    CodePatching patching = new CodePatching(definition, code, maps, kernel, addresses);
    ProgramSpec spec =
        new ProgramSpec(definition.name(), kind.type(), patching.patch())
            .license(object.license())
            .expectedAttachType(kind.expectedAttachType())
            .flags(
                (kind.sleepable() ? Bpf.BPF_F_SLEEPABLE : 0)
                    | (kind.fragments() ? Bpf.BPF_F_XDP_HAS_FRAGS : 0))
            .modules(patching.modules())
            .relocations(Records.relocations(relocations), CoreRelocation.BYTES)
            .source(slot -> Records.source(definition.lines(), slot));
    if (types != null) {
      spec.types(
          types,
          Records.functions(definition.functions()),
          FuncInfo.BYTES,
          Records.lines(definition.lines()),
          LineInfo.BYTES);
    }
    if (kind.type() == ProgramType.STRUCT_OPS) {
      return aimed(definition, spec, tables);
    }
    if (SectionPlace.isNamedInTypes(kind) && !kind.target().isEmpty()) {
      KernelTypes.Found target = target(definition);
      spec.attachTo(target.id(), target.module());
    }
    return Optional.of(spec);
  }

  private Optional<ProgramSpec> aimed(
      ProgramDefinition definition, ProgramSpec spec, Map<String, StructOpsLoading> tables) {
    for (StructOpsDefinition table : object.structOps()) {
      StructOpsLoading loading = tables.get(table.name());
      for (StructOpsDefinition.MemberFunction function : table.functions()) {
        if (loading != null && function.program().equals(definition.name())) {
          return loading.aim(spec, function.member());
        }
      }
    }
    return Optional.empty();
  }

  /** What a program watches, by the kernel's naming of such places (include/linux/btf.h). */
  private KernelTypes.Found target(ProgramDefinition definition) {
    String name = definition.kind().target();
    String inTypes =
        switch (definition.kind().pattern().replaceAll("[.+].*", "")) {
          case "tp_btf" -> "btf_trace_" + name;
          case "lsm", "lsm_cgroup" -> "bpf_lsm_" + name;
          case "iter" -> "bpf_iter_" + name;
          default -> name;
        };
    BtfKind kind = inTypes.startsWith("btf_trace_") ? BtfKind.TYPEDEF : BtfKind.FUNC;
    return kernel
        .find(kind, inTypes)
        .orElseThrow(() ->
            new UnavailableException(
                "program '%s' (%s): this kernel (Linux %s) has no '%s' to watch"
                    .formatted(
                        definition.name(),
                        definition.section(),
                        System.getProperty("os.version"),
                        name),
                "look for it with: bpftool btf dump file /sys/kernel/btf/vmlinux | grep "
                    + inTypes));
  }

  private CoreRelocator relocator() {
    CoreRelocator ready = relocator;
    if (ready == null) {
      Btf local =
          object
              .btf()
              .orElseThrow(() -> new BadDataException(object.name() + ": relocations without BTF"));
      ready = new CoreRelocator(local, Btf.ofKernel(), kernel.moduleTypes());
      relocator = ready;
    }
    return ready;
  }

  private void fill(String map, InitialSlot slot) {
    KernelObject element = slot.program() ? programs.get(slot.target()) : maps.get(slot.target());
    if (element != null) { // a program may have been left out
      map(map).update(key(slot.index()), element);
    }
  }

  private KernelMap map(String name) {
    KernelMap map = maps.get(name);
    if (map == null) {
      throw new BadDataException(object.name() + ": no map '" + name + "'");
    }
    return map;
  }

  private KernelBtf requireTypes(StructOpsDefinition definition) {
    KernelBtf loaded = types;
    if (loaded == null) {
      throw new BadDataException(
          "%s: '%s' is a table for the kernel without types"
              .formatted(object.name(), definition.name()),
          "compile with -g");
    }
    return loaded;
  }

  private <T extends KernelObject> T keep(T object) {
    made.add(object);
    return object;
  }

  private static byte[] key(int index) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(index).array();
  }
}
