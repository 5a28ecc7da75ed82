package dev.whatif.ebpf.object;

import dev.whatif.core.elf.Section;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfExt;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Takes an object file apart; {@link BpfObject} is the result. */
final class ObjectReader implements SymbolResolver {

  private static final String MAPS = ".maps";
  private static final long MAX_LINKED_BYTES = 256L << 20;
  private static final String EXCEPTION_CALLBACK = "exception_callback:";

  private final ObjectFile file;
  private final @Nullable Btf btf;
  private final @Nullable Btf finished;
  private final @Nullable BtfExt ext;
  private final @Nullable Externs externs;
  private final Map<Integer, CodeSection> code = new LinkedHashMap<>();
  private final Map<Integer, DataSection> data = new LinkedHashMap<>();
  private final Map<Integer, Map<Long, String>> mapsByOffset = new HashMap<>();
  private final List<MapDefinition> maps = new ArrayList<>();
  private final Map<String, String> exceptionCallbacks;
  private long linkedBytes;
  private long dataBytes;

  ObjectReader(String name, byte[] bytes) {
    this.file = new ObjectFile(name, bytes);
    this.btf = file.bytes(".BTF").map(raw -> Btf.parse(name + ": .BTF", raw)).orElse(null);
    this.externs = btf == null ? null : new Externs(file, btf);
    this.finished =
        btf == null || externs == null
            ? null
            : Btf.parse(name + ": .BTF", new BtfFinisher(file, btf, externs).finish());
    this.ext =
        btf == null
            ? null
            : file.bytes(".BTF.ext")
                .map(raw -> BtfExt.parse(name + ": .BTF.ext", raw, btf))
                .orElse(null);
    this.exceptionCallbacks = exceptionCallbacks(btf);
  }

  /** Everything that is in the file. */
  BpfObject read() {
    for (int i = 0; i < file.sections().size(); i++) {
      Section section = file.sections().get(i);
      if (section.name().equals("maps") || section.name().startsWith("maps/")) {
        throw new BadDataException(
            file.name() + ": its maps are in a section 'maps', as before libbpf 1.0",
            "define them in SEC(\".maps\") with __uint and __type");
      }
      boolean bits = section.type() == Section.SHT_PROGBITS && section.size() != 0;
      if (bits && (section.flags() & Section.SHF_EXECINSTR) != 0) {
        code.put(i, new CodeSection(file, i, ext));
      }
    }
    readMaps();
    readData();
    List<ProgramDefinition> programs = new ArrayList<>();
    for (CodeSection section : code.values()) {
      readPrograms(section, programs);
    }
    return new BpfObject(
        file.name(),
        text("license"),
        version(),
        Optional.ofNullable(btf),
        Optional.ofNullable(finished),
        Optional.ofNullable(ext),
        List.copyOf(maps),
        List.copyOf(programs),
        finished == null ? List.of() : new StructOpsReader(file, finished, this::isCode).read(),
        externs == null ? List.of() : externs.config());
  }

  private int version() {
    byte[] bytes = file.bytes("version").orElse(new byte[0]);
    return bytes.length < Integer.BYTES
        ? 0
        : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private String text(String section) {
    byte[] bytes = file.bytes(section).orElse(new byte[0]);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private void readPrograms(CodeSection section, List<ProgramDefinition> programs) {
    if (section.name().equals(".text")) {
      return;
    }
    for (Function function : section.functions()) {
      if (function.symbol().isLocal()) {
        continue; // only called
      }
      SectionKind kind = SectionKind.of(file.name(), section.name());
      ProgramDefinition program =
          Linker.link(function, kind, this, exceptionCallback(function.name()));
      programs.add(program);
      int records =
          program.lines().size() + program.functions().size() + program.relocations().size();
      linkedBytes += program.code().length + 32L * records;
      if (linkedBytes > MAX_LINKED_BYTES) {
        throw file.bad(section.name(), 0, "its programs link to more than 256 MB");
      }
    }
  }

  private Optional<Function> exceptionCallback(String program) {
    String wanted = exceptionCallbacks.get(program);
    return wanted == null
        ? Optional.empty()
        : code.values().stream()
            .flatMap(s -> s.functions().stream())
            .filter(f -> f.name().equals(wanted) && !f.symbol().isLocal())
            .findFirst();
  }

  /** bpf_experimental.h: {@code __exception_cb(f)} is a tag on the program. */
  private static Map<String, String> exceptionCallbacks(@Nullable Btf btf) {
    Map<String, String> callbacks = new HashMap<>();
    for (int id = 1; btf != null && id < btf.size(); id++) {
      if (btf.kind(id) == BtfKind.DECL_TAG
          && btf.type(id) instanceof BtfType.DeclTag tag
          && tag.component() == -1
          && tag.name().startsWith(EXCEPTION_CALLBACK)) {
        callbacks.put(btf.name(tag.target()), tag.name().substring(EXCEPTION_CALLBACK.length()));
      }
    }
    return callbacks;
  }

  private void readMaps() {
    OptionalInt id = btf == null ? OptionalInt.empty() : btf.find(BtfKind.DATASEC, MAPS);
    if (btf == null || id.isEmpty()) {
      return;
    }
    List<MapDefinition> defined = MapReader.all(btf, (BtfType.DataSec) btf.type(id.getAsInt()));
    Map<String, ObjectSymbol> symbols = new HashMap<>();
    for (ObjectSymbol symbol : file.symbols()) {
      if (file.sectionName(symbol.section()).equals(MAPS) && !symbol.isSection()) {
        symbols.put(symbol.name(), symbol);
      }
    }
    for (MapDefinition map : defined) {
      ObjectSymbol symbol = symbols.get(map.name());
      if (symbol == null) {
        throw file.bad(MAPS, 0, "map '" + map.name() + "' has no symbol");
      }
      mapsByOffset
          .computeIfAbsent(symbol.section(), s -> new HashMap<>())
          .put(symbol.value(), map.name());
    }
    maps.addAll(new MapSlots(file, btf, symbols, this::isCode).fill(defined));
  }

  private void readData() {
    for (int i = 0; i < file.sections().size(); i++) {
      Section section = file.sections().get(i);
      if (DataSection.isData(section)) {
        dataBytes += section.size();
        if (section.size() < 0 || dataBytes > DataSection.MAX_BYTES) {
          throw file.bad(
              section.name(), section.offset(), "0x%x bytes of data".formatted(section.size()));
        }
        byte[] bytes = DataSection.bytes(file, section);
        addData(i, section.name(), bytes, DataSection.isReadOnly(section));
      }
    }
    if (externs != null && externs.configBytes() > 0) {
      addData(-1, Externs.CONFIG, new byte[externs.configBytes()], true);
    }
  }

  private void addData(int index, String name, byte[] bytes, boolean readOnly) {
    int typeId = finished == null ? 0 : finished.find(BtfKind.DATASEC, name).orElse(0);
    MapDefinition map =
        MapDefinition.data(name, bytes, readOnly, hasVisibleVariable(typeId), typeId);
    data.put(index, new DataSection(index, map));
    maps.add(map);
  }

  /** libbpf, map_is_mmapable: only a section that user space is meant to know. */
  private boolean hasVisibleVariable(int typeId) {
    Btf types = finished;
    return types != null
        && types.type(typeId) instanceof BtfType.DataSec section
        && section.variables().stream()
            .anyMatch(p ->
                types.type(p.type()) instanceof BtfType.Var v && v.linkage() != BtfType.Var.STATIC);
  }

  @Override
  public boolean isCode(ObjectSymbol symbol) {
    return code.containsKey(symbol.section()) && (symbol.isFunction() || symbol.isSection());
  }

  @Override
  public CodeSection codeSection(Function user, int slot, ObjectSymbol symbol) {
    CodeSection section = code.get(symbol.section());
    if (section == null) {
      throw bad(user, slot, "calls '" + symbol.name() + "', which is no code");
    }
    return section;
  }

  @Override
  public CodeReference.KernelFunction kernelFunction(Function user, int slot, ObjectSymbol symbol) {
    OptionalInt id = kernelSymbol(symbol);
    if (btf == null || id.isEmpty() || btf.kind(id.getAsInt()) != BtfKind.FUNC) {
      throw bad(
          user, slot, "calls '" + symbol.name() + "', which is neither here nor declared __ksym");
    }
    return new CodeReference.KernelFunction(slot, symbol.name(), symbol.isWeak(), id.getAsInt());
  }

  @Override
  public CodeReference address(Function user, int slot, ObjectSymbol symbol, int addend) {
    if (symbol.isUndefined()) {
      return external(user, slot, symbol);
    }
    DataSection section = data.get(symbol.section());
    if (section != null) {
      long offset = symbol.value() + addend;
      if (offset != (int) offset) {
        throw bad(user, slot, "refers to offset 0x%x of data".formatted(offset));
      }
      return new CodeReference.MapValue(slot, section.map().name(), (int) offset);
    }
    String map = mapsByOffset.getOrDefault(symbol.section(), Map.of()).get(symbol.value());
    if (map == null) {
      throw bad(
          user,
          slot,
          "refers to '%s' in section '%s', which is no map, no data and no code"
              .formatted(symbol.name(), file.sectionName(symbol.section())));
    }
    return new CodeReference.MapAddress(slot, map);
  }

  private CodeReference external(Function user, int slot, ObjectSymbol symbol) {
    if (externs != null && externs.config(symbol.name()).isPresent()) {
      int offset = externs.config(symbol.name()).orElseThrow().offset();
      return new CodeReference.MapValue(slot, Externs.CONFIG, offset);
    }
    OptionalInt id = kernelSymbol(symbol);
    if (btf == null || id.isEmpty()) {
      throw bad(
          user,
          slot,
          "refers to '" + symbol.name() + "', which is neither here nor declared __ksym");
    }
    return switch (btf.type(id.getAsInt())) {
      case BtfType.Var v -> {
        int type = btf.resolve(v.type());
        yield new CodeReference.KernelVariable(
            slot, symbol.name(), symbol.isWeak(), type != 0, v.type());
      }
      // "if (f) f();" of a weak function asks for its address.
      case BtfType.Func f ->
          new CodeReference.KernelVariable(slot, symbol.name(), symbol.isWeak(), true, f.id());
      default -> throw bad(user, slot, "refers to '" + symbol.name() + "', which is no variable");
    };
  }

  private OptionalInt kernelSymbol(ObjectSymbol symbol) {
    return externs == null ? OptionalInt.empty() : externs.kernelSymbol(symbol.name());
  }

  private BadDataException bad(Function user, int slot, String what) {
    return file.bad(
        user.section().name(),
        (user.start() + (long) slot) * 8,
        "function '" + user.name() + "' " + what);
  }
}
