package dev.whatif.ebpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.FuncInfo;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Debian's libbpf opens and loads the same objects; what it gave to the kernel is compared. */
@Requires({
  Requirement.ROOT,
  Requirement.GCC,
  Requirement.LIBBPF,
  Requirement.CLANG_14,
  Requirement.CLANG_19,
  Requirement.BPFTOOL,
  Requirement.KERNEL_BTF
})
class LibbpfComparisonTest {

  private static final String LINKED = "clang-19 and bpftool";

  private static Path object(String compiler, String source) {
    return compiler.equals(LINKED)
        ? BpfSource.linked("clang-19", source)
        : BpfSource.compiled(compiler, source);
  }

  static Stream<Arguments> objects() {
    return Stream.of("clang-14", "clang-19", LINKED)
        .flatMap(compiler ->
            Stream.of("subprograms", "maps", "globals", "externs", "kernel_variable")
                .map(source -> Arguments.of(compiler, source)));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void theProgramsHaveTheInstructionsThatLibbpfGivesToTheKernel(String compiler, String source) {
    Path file = object(compiler, source);
    LibbpfView theirs = LibbpfView.of(file);
    BpfObject ours = BpfObject.open(file);

    // Without CONFIG_KALLSYMS_ALL no kernel takes a typed variable; relocation is over by then.
    assertThat(theirs.loaded() || source.equals("kernel_variable")).isTrue();
    List<String> entries = ours.programs().stream().map(ProgramDefinition::name).toList();
    assertThat(entries).isNotEmpty();
    for (ProgramDefinition program : ours.programs()) {
      LibbpfView.Program other = Objects.requireNonNull(theirs.programs().get(program.name()));
      assertThat(program.section()).isEqualTo(other.section());
      assertThat(program.kind().type().number()).isEqualTo(other.type());
      assertThat(program.kind().expectedAttachType()).isEqualTo(other.attachType());
      assertThat(instructions(filled(program, theirs)))
          .as(program.name())
          .isEqualTo(instructions(masked(program, other.code())));
    }
  }

  @ParameterizedTest
  @MethodSource("objects")
  void functionsAndLinesMoveWithTheInstructionsAsInLibbpf(String compiler, String source) {
    Path file = object(compiler, source);
    LibbpfView theirs = LibbpfView.of(file);

    for (ProgramDefinition program : BpfObject.open(file).programs()) {
      LibbpfView.Infos other = Objects.requireNonNull(theirs.infos().get(program.name()));
      ByteBuffer functions = little(program.functions().size() * FuncInfo.BYTES);
      program.functions().forEach(f -> functions.putInt(f.slot()).putInt(f.typeId()));
      assertThat(functions.array()).as(program.name()).isEqualTo(other.functions());
      ByteBuffer lines = little(program.lines().size() * LineInfo.BYTES);
      for (LineInfo l : program.lines()) {
        lines.putInt(l.slot()).putInt(l.fileOffset()).putInt(l.textOffset());
        lines.putInt(l.lineAndColumn());
      }
      assertThat(lines.array()).as(program.name()).isEqualTo(other.lines());
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @MethodSource("objects")
  void theMapsAreThoseThatLibbpfCreates(String compiler, String source) {
    Path file = object(compiler, source);
    LibbpfView theirs = LibbpfView.of(file);
    BpfObject ours = BpfObject.open(file);
    ours = ours.needsKernelConfig() ? ours.withKernelConfig(KernelConfig.ofRunningKernel()) : ours;

    assertThat(ours.maps()).hasSize(theirs.maps().size());
    for (MapDefinition map : ours.maps()) {
      LibbpfView.Mapping other = Objects.requireNonNull(theirs.maps().get(map.name()), map.name());
      // A perf event array without a size gets one element per CPU when it is created.
      int maxEntries = map.type() == 4 ? other.maxEntries() : map.maxEntries();
      LibbpfView.Mapping own =
          new LibbpfView.Mapping(
              other.fd(),
              map.type(),
              map.keySize(),
              map.valueSize(),
              maxEntries,
              map.flags(),
              map.numaNode(),
              map.mapExtra(),
              map.btfKeyTypeId(),
              map.btfValueTypeId(),
              new byte[0]);
      assertThat(own)
          .as(map.name())
          .usingRecursiveComparison()
          .ignoringFields("initial")
          .isEqualTo(other);
      assertThat(map.initialValue()).as(map.name()).isEqualTo(other.initial());
    }
  }

  @ParameterizedTest
  @MethodSource("objects")
  void theFinishedTypesAreThoseOfLibbpf(String compiler, String source) {
    Path file = object(compiler, source);
    Btf theirs = Btf.parse("libbpf", LibbpfView.of(file).btf());
    Btf ours = Btf.parse("whatif", BpfObject.open(file).sanitisedBtf());

    assertThat(ours.size()).isEqualTo(theirs.size());
    for (int id = 0; id < theirs.size(); id++) {
      assertThat(ours.type(id)).isEqualTo(theirs.type(id));
    }
  }

  /** Our code as a loader completes it: maps by libbpf's descriptors, the kernel's ids left 0. */
  private static byte[] filled(ProgramDefinition program, LibbpfView theirs) {
    byte[] code = program.code().clone();
    for (CodeReference reference : program.references()) {
      Slot slot = Slot.at(code, reference.slot());
      String map =
          switch (reference) {
            case CodeReference.MapAddress m -> m.map();
            case CodeReference.MapValue v -> v.map();
            case CodeReference.KernelFunction f -> "";
            case CodeReference.KernelVariable v -> "";
          };
      int fd = map.isEmpty() ? 0 : Objects.requireNonNull(theirs.maps().get(map), map).fd();
      new Slot(slot.opcode(), slot.dst(), slot.src(), slot.offset(), fd)
          .put(code, reference.slot());
    }
    return code;
  }

  /** Libbpf's code without what it looked up in the kernel; a weak one may be missing there. */
  private static byte[] masked(ProgramDefinition program, byte[] theirs) {
    byte[] code = theirs.clone();
    for (CodeReference reference : program.references()) {
      int at = reference.slot();
      Slot slot = Slot.at(code, at);
      switch (reference) {
        case CodeReference.MapAddress m -> {}
        case CodeReference.MapValue v -> {}
        case CodeReference.KernelFunction f ->
            new Slot(0x85, 0, f.weak() ? 2 : slot.src(), (short) 0, 0).put(code, at);
        case CodeReference.KernelVariable v -> {
          int source = v.weak() && v.typed() ? 3 : slot.src();
          new Slot(slot.opcode(), slot.dst(), source, (short) 0, 0).put(code, at);
          new Slot(0, 0, 0, (short) 0, 0).put(code, at + 1);
        }
      }
    }
    return code;
  }

  private static List<Slot> instructions(byte[] code) {
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < code.length / Slot.BYTES; i++) {
      slots.add(Slot.at(code, i));
    }
    return slots;
  }
}
