package dev.whatif.ebpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BtfTest {

  @Test
  @Requires({Requirement.KERNEL_BTF, Requirement.BPFTOOL})
  void everyTypeOfTheKernelIsTheOneThatBpftoolReads() {
    List<String> theirs =
        Programs.run("bpftool", "btf", "dump", "file", Btf.KERNEL.toString()).lines().toList();

    List<String> ours = BpftoolText.of(Btf.ofKernel()).lines().toList();

    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      assertThat(ours.get(i)).as("line %d", i + 1).isEqualTo(theirs.get(i));
    }
    assertThat(ours).hasSameSizeAs(theirs).hasSizeGreaterThan(100_000);
  }

  @Test
  @Requires(Requirement.KERNEL_BTF)
  void aStructOfTheKernelIsFoundByNameAndKindAndHasItsSize() {
    Btf kernel = Btf.ofKernel();
    int task = kernel.find(BtfKind.STRUCT, "task_struct").orElseThrow();

    assertThat(kernel.name(task)).isEqualTo("task_struct");
    assertThat(kernel.sizeOf(task)).isEqualTo(((BtfType.Struct) kernel.type(task)).size());
    assertThat(kernel.named("task_struct")).contains(task).isSorted();
    assertThat(kernel.find(BtfKind.UNION, "task_struct")).isEmpty();
    assertThat(kernel.find(BtfKind.STRUCT, "no_such_struct_at_all")).isEmpty();
    int pid = kernel.find(BtfKind.TYPEDEF, "pid_t").orElseThrow();
    assertThat(kernel.kind(kernel.resolve(pid))).isEqualTo(BtfKind.INT);
    assertThat(kernel.sizeOf(pid)).isEqualTo(4);
  }

  @Test
  @Requires(Requirement.KERNEL_BTF)
  void everyNameOfTheKernelLeadsToItsType() {
    Btf kernel = Btf.ofKernel();
    for (int id = 1; id < kernel.size(); id += 7) {
      int wanted = id;
      String name = kernel.name(id);
      if (!name.isEmpty()) {
        assertThat(kernel.named(name).anyMatch(found -> found == wanted)).as(name).isTrue();
      }
    }
  }

  @Test
  void aTypeThatDoesNotExistIsNamed() {
    Btf btf = new BtfBuilder().build("made up");
    assertThatThrownBy(() -> btf.type(1))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("made up: type 1 does not exist");
    assertThat(Objects.requireNonNull(btf.type(0)).kind()).isEqualTo(BtfKind.VOID);
  }

  @Test
  void loopsOfTypedefsAndArraysEnd() {
    BtfBuilder builder = new BtfBuilder();
    builder.add(new BtfType.Typedef(1, "a", 2));
    builder.add(new BtfType.Modifier(2, BtfKind.CONST, "", 1, false));
    builder.add(new BtfType.Array(3, 3, 3, 1));
    builder.add(new BtfType.Array(4, 5, 5, 0x7fff_ffff));
    builder.add(new BtfType.Array(5, 6, 6, 0x7fff_ffff));
    builder.add(new BtfType.Int(6, "int", 4, BtfType.Int.SIGNED, 0, 32));
    builder.add(new BtfType.Var(7, "v", 7, 0));
    Btf btf = builder.build("loops");
    for (int id : new int[] {1, 2, 3, 4, 5, 7}) {
      assertThatThrownBy(() -> btf.sizeOf(id)).isInstanceOf(BadDataException.class);
    }
    assertThatThrownBy(() -> btf.resolve(1))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("type 1 (TYPEDEF 'a')");
  }

  @Test
  void aSplitBlobGoesOnWithTheIdsAndStringsOfItsBase() {
    BtfBuilder base = new BtfBuilder();
    int number = base.add(new BtfType.Int(0, "int", 4, BtfType.Int.SIGNED, 0, 32));
    Btf kernel = base.build("base");
    BtfBuilder module = BtfBuilder.splitFrom(kernel);
    int struct =
        module.add(
            new BtfType.Struct(
                0, "mine", false, 4, false, List.of(new BtfType.Member("int", number, 0, 0))));
    Btf split = Btf.parseSplit("module", module.bytes(), kernel);

    assertThat(struct).isEqualTo(2);
    assertThat(split.type(1)).isEqualTo(kernel.type(1));
    assertThat(split.find(BtfKind.STRUCT, "mine")).hasValue(2);
    assertThat(split.find(BtfKind.INT, "int")).hasValue(1);
    assertThat(split.type(2))
        .isInstanceOfSatisfying(
            BtfType.Struct.class, s -> assertThat(s.members().getFirst().name()).isEqualTo("int"));
  }

  @Test
  @Requires(Requirement.KERNEL_BTF)
  void whatTheBuilderWritesIsReadBackEqual() {
    Btf kernel = Btf.ofKernel();
    BtfBuilder builder = new BtfBuilder();
    for (int id = 1; id < kernel.size(); id++) {
      builder.add(kernel.type(id));
    }
    Btf copy = builder.build("copy");
    assertThat(copy.size()).isEqualTo(kernel.size());
    for (int id = 1; id < kernel.size(); id++) {
      assertThat(copy.type(id)).isEqualTo(kernel.type(id));
    }
  }

  @Test
  void aTruncatedBlobIsRefusedAtEveryLength() {
    BtfBuilder builder = new BtfBuilder();
    builder.add(new BtfType.Int(1, "int", 4, BtfType.Int.SIGNED, 0, 32));
    builder.add(
        new BtfType.Struct(2, "s", false, 4, true, List.of(new BtfType.Member("bit", 1, 3, 5))));
    byte[] whole = builder.bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Btf.parse("part.o: .BTF", part))
          .isInstanceOf(BadDataException.class)
          .hasMessageContaining("part.o: .BTF")
          .hasMessageContaining("offset");
    }
  }
}
