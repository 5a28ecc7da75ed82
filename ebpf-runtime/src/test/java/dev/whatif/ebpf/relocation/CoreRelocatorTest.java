package dev.whatif.ebpf.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfBuilder;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.CoreRelocationKind;
import dev.whatif.ebpf.isa.Slot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a relocator says about its work, and where it looks for types. */
class CoreRelocatorTest {

  private static final Btf OBJECT = types("object", "task_struct___mine", 48, "on_cpu", 4);

  @Test
  void everyRelocationIsToldInWords() {
    Btf target = types("/sys/kernel/btf/vmlinux", "task_struct", 52, "on_cpu", 4);

    RelocatedProgram program = relocate(target, CoreRelocationKind.FIELD_BYTE_OFFSET, 48);

    assertThat(Slot.at(program.code(), 0).imm()).isEqualTo(52);
    assertThat(program.missing()).isEmpty();
    assertThat(program.at(1)).isEmpty();
    assertThat(program.at(0))
        .map(RelocationResult::explanation)
        .contains(
            "struct task_struct___mine.on_cpu at byte offset 52 in /sys/kernel/btf/vmlinux;"
                + " was 48");
  }

  @Test
  void whatIsMissingPoisonsTheInstructionAndIsToldInWords() {
    Btf target = types("/sys/kernel/btf/vmlinux", "task_struct", 52, "gone", 4);

    RelocatedProgram program = relocate(target, CoreRelocationKind.FIELD_BYTE_OFFSET, 48);

    assertThat(Slot.at(program.code(), 0))
        .isEqualTo(new Slot(0x85, 0, 0, (short) 0, InstructionPatch.POISON));
    assertThat(program.missing())
        .singleElement()
        .extracting(RelocationResult::explanation)
        .isEqualTo("struct task_struct___mine.on_cpu does not exist in /sys/kernel/btf/vmlinux");
  }

  @Test
  void whetherSomethingExistsIsNoPoison() {
    Btf target = types("target", "task_struct", 52, "gone", 4);

    RelocatedProgram program = relocate(target, CoreRelocationKind.FIELD_EXISTS, 1);

    assertThat(Slot.at(program.code(), 0).imm()).isZero();
    assertThat(program.at(0))
        .map(RelocationResult::explanation)
        .contains("struct task_struct___mine.on_cpu does not exist in target");
  }

  @Test
  void theObjectsProgramIsNotChanged() {
    byte[] code = move(48);
    new CoreRelocator(OBJECT, types("target", "task_struct", 52, "on_cpu", 4))
        .relocate("p", code, List.of(record(CoreRelocationKind.FIELD_BYTE_OFFSET)));
    assertThat(code).isEqualTo(move(48));
  }

  @Test
  void aModuleIsAskedOnlyForWhatTheKernelDoesNotHave() {
    Btf kernel = types("kernel", "unrelated", 0, "on_cpu", 4);
    Btf module = splitFrom(kernel, "first_module", "task_struct", 96);
    Btf other = splitFrom(kernel, "other_module", "task_struct___x", 96);
    CoreRelocation record = record(CoreRelocationKind.FIELD_BYTE_OFFSET);

    RelocatedProgram program =
        new CoreRelocator(OBJECT, kernel, List.of(module, other))
            .relocate("p", move(48), List.of(record));
    assertThat(Slot.at(program.code(), 0).imm()).isEqualTo(96);

    Btf has = types("kernel", "task_struct", 52, "on_cpu", 4);
    program =
        new CoreRelocator(OBJECT, has, List.of(splitFrom(has, "module", "task_struct", 96)))
            .relocate("p", move(48), List.of(record));
    assertThat(Slot.at(program.code(), 0).imm()).isEqualTo(52);

    Btf disagrees = splitFrom(kernel, "third_module", "task_struct", 100);
    assertThatThrownBy(() ->
            new CoreRelocator(OBJECT, kernel, List.of(module, disagrees))
                .relocate("p", move(48), List.of(record)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("struct task_struct.on_cpu is ambiguous in first_module");
  }

  @Test
  void ofASplitTargetTheBaseComesFirst() {
    CoreRelocation record = record(CoreRelocationKind.FIELD_BYTE_OFFSET);
    Btf empty = types("kernel", "unrelated", 0, "on_cpu", 4);
    Btf full = types("kernel", "task_struct", 52, "on_cpu", 4);

    assertThat(
            Slot.at(
                    new CoreRelocator(OBJECT, splitFrom(empty, "module", "task_struct", 96))
                        .relocate("p", move(48), List.of(record))
                        .code(),
                    0)
                .imm())
        .isEqualTo(96);
    assertThat(
            Slot.at(
                    new CoreRelocator(OBJECT, splitFrom(full, "module", "task_struct", 96))
                        .relocate("p", move(48), List.of(record))
                        .code(),
                    0)
                .imm())
        .isEqualTo(52);
  }

  private static RelocatedProgram relocate(Btf target, CoreRelocationKind kind, int holds) {
    return new CoreRelocator(OBJECT, target).relocate("p", move(holds), List.of(record(kind)));
  }

  private static CoreRelocation record(CoreRelocationKind kind) {
    return new CoreRelocation(0, 2, "0:0", kind);
  }

  private static byte[] move(int value) {
    byte[] code = new byte[2 * Slot.BYTES];
    new Slot(0xb7, 1, 0, (short) 0, value).put(code, 0);
    new Slot(0x95, 0, 0, (short) 0, 0).put(code, 1);
    return code;
  }

  /** One struct, type 2, with one field. */
  private static Btf types(String origin, String struct, int offset, String field, int size) {
    BtfBuilder b = new BtfBuilder();
    b.add(new BtfType.Int(1, "int", size, BtfType.Int.SIGNED, 0, size * 8));
    b.add(struct(struct, offset, field));
    return b.build(origin);
  }

  private static Btf splitFrom(Btf base, String origin, String struct, int offset) {
    BtfBuilder b = BtfBuilder.splitFrom(base);
    b.add(struct(struct, offset, "on_cpu"));
    return Btf.parseSplit(origin, b.bytes(), base);
  }

  private static BtfType struct(String name, int offset, String field) {
    BtfType.Member member = new BtfType.Member(field, 1, offset * 8, 0);
    return new BtfType.Struct(0, name, false, offset + 4, false, List.of(member));
  }
}
