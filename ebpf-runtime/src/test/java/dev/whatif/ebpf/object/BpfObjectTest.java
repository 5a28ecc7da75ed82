package dev.whatif.ebpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requires({Requirement.CLANG_14, Requirement.CLANG_19, Requirement.LIBBPF})
class BpfObjectTest {

  private static MapDefinition map(BpfObject object, String name) {
    return object.maps().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  private static ProgramDefinition program(BpfObject object, String name) {
    return object.programs().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  private static BpfObject ofText(String name, String text) throws IOException {
    Path folder = Programs.folder("object-texts");
    Path source = Files.writeString(folder.resolve(name + ".c"), text);
    Path object = folder.resolve(name + ".o");
    Programs.run(
        "clang-19",
        "-target",
        "bpf",
        "-O2",
        "-g",
        "-I/usr/include/x86_64-linux-gnu",
        "-c",
        source.toString(),
        "-o",
        object.toString());
    return BpfObject.open(object);
  }

  private static final String HEAD =
      """
      #include <linux/bpf.h>
      #include <bpf/bpf_helpers.h>
      """;

  @ParameterizedTest
  @ValueSource(strings = {"clang-14", "clang-19"})
  void aProgramHasEveryFunctionItReachesOnceInTheOrderOfFirstUse(String compiler) {
    BpfObject object = BpfObject.open(BpfSource.compiled(compiler, "subprograms"));

    assertThat(program(object, "first").parts())
        .extracting(LinkedFunction::name)
        .containsExactly("first", "global_function", "middle", "leaf", "weak_function");
    assertThat(program(object, "fourth").parts()).hasSize(1);
    int end = 0;
    for (LinkedFunction part : program(object, "second").parts()) {
      assertThat(part.slot()).isEqualTo(end);
      end += part.slots();
    }
    assertThat(program(object, "second").slots()).isEqualTo(end);
    assertThat(object.license()).isEqualTo("GPL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clang-14", "clang-19"})
  void aFunctionThatIsHiddenIsVerifiedLikeAStaticOne(String compiler) {
    BpfObject object = BpfObject.open(BpfSource.compiled(compiler, "subprograms"));
    Btf types = Btf.parse("sanitised", object.sanitisedBtf());
    int hidden = types.named("hidden_function").findFirst().orElseThrow();
    int global = types.named("global_function").findFirst().orElseThrow();

    assertThat(((BtfType.Func) types.type(hidden)).linkage()).isEqualTo(BtfType.Func.STATIC);
    assertThat(((BtfType.Func) types.type(global)).linkage()).isEqualTo(BtfType.Func.GLOBAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clang-14", "clang-19"})
  void mapsOfMapsAndOfProgramsKnowWhatTheyBeginWith(String compiler) {
    BpfObject object = BpfObject.open(BpfSource.compiled(compiler, "maps"));

    assertThat(map(object, "outer").slots())
        .containsExactlyInAnyOrder(
            new InitialSlot(0, "inner_b", false), new InitialSlot(3, "inner_a", false));
    assertThat(map(object, "outer").inner().orElseThrow().name()).isEqualTo("outer.inner");
    assertThat(map(object, "programs").slots()).containsExactly(new InitialSlot(2, "tail", true));
    MapDefinition nested = map(object, "nested").inner().orElseThrow();
    assertThat(nested.type()).isEqualTo(1);
    assertThat(nested.maxEntries()).isEqualTo(7);
    assertThat(nested.valueSize()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clang-14", "clang-19"})
  void aGlobalIsSetBeforeLoadingAndItsSizeIsChecked(String compiler) {
    BpfObject object = BpfObject.open(BpfSource.compiled(compiler, "globals"));
    GlobalVariable limit =
        object.globals().stream().filter(g -> g.name().equals("limit")).findFirst().orElseThrow();

    BpfObject changed = object.withGlobal("limit", 1234).withGlobal("quiet_limit", -1L);

    assertThat(limit.section()).isEqualTo(".rodata");
    ByteBuffer data =
        ByteBuffer.wrap(map(changed, ".rodata").initialValue()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(data.getInt(limit.offset())).isEqualTo(1234);
    assertThat(map(object, ".rodata").initialValue()).isNotEqualTo(data.array());
    assertThat(map(object, ".rodata").readOnly()).isTrue();
    assertThat(map(object, ".data").readOnly()).isFalse();
    byte[] five = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> object.withGlobal("label", five))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'label' has 16 bytes, not 5");
    assertThatThrownBy(() -> object.withGlobal("limit", 1L << 32))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> object.withGlobal("limits", 1))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no global variable 'limits'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clang-14", "clang-19"})
  void aTableOfFunctionsNamesItsPrograms(String compiler) {
    BpfObject object = BpfObject.open(BpfSource.compiled(compiler, "struct_ops"));

    assertThat(object.structOps()).hasSize(2);
    StructOpsDefinition plain = object.structOps().getFirst();
    assertThat(plain.name()).isEqualTo("plain");
    assertThat(plain.typeName()).isEqualTo("tcp_congestion_ops");
    assertThat(plain.link()).isFalse();
    assertThat(plain.initialValue()[0]).isEqualTo((byte) 3);
    assertThat(plain.functions())
        .containsExactly(
            new StructOpsDefinition.MemberFunction("ssthresh", 1, "ssthresh"),
            new StructOpsDefinition.MemberFunction("cong_avoid", 2, "cong_avoid"),
            new StructOpsDefinition.MemberFunction("undo_cwnd", 3, "undo_cwnd"));
    StructOpsDefinition linked = object.structOps().get(1);
    assertThat(linked.link()).isTrue();
    assertThat(new String(linked.initialValue(), 32, 13, java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("whatif_linked");
    assertThat(linked.functions()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clang-14", "clang-19"})
  void whatTheKernelMustLookUpIsListed(String compiler) {
    BpfObject object = BpfObject.open(BpfSource.compiled(compiler, "externs"));
    List<CodeReference> calls = program(object, "functions").references();

    assertThat(calls)
        .filteredOn(r -> r instanceof CodeReference.KernelFunction)
        .extracting(r -> ((CodeReference.KernelFunction) r).kernelName())
        .containsExactly("bpf_task_from_pid", "bpf_task_release", "bpf_there_is_no_such_function");
    assertThat(program(object, "symbols").references())
        .filteredOn(r -> r instanceof CodeReference.KernelVariable v && !v.typed() && v.weak())
        .hasSize(2);
  }

  @Test
  void aStaticFunctionBesideAProgramIsCalledToo() throws IOException {
    BpfObject object =
        ofText(
            "beside",
            HEAD
                + """
                SEC("socket") static __attribute__((noinline)) int beside(int x) { return x * x; }
                SEC("socket") int entry(struct __sk_buff *s) { return beside(s->len) + 1; }
                SEC("xdp") __weak int across(struct xdp_md *x) { return 2; }
                SEC("xdp") int other(struct xdp_md *x) { return across(x); }
                """);
    assertThat(program(object, "entry").parts())
        .extracting(LinkedFunction::name)
        .containsExactly("entry", "beside");
    assertThat(program(object, "other").parts())
        .extracting(LinkedFunction::name)
        .containsExactly("other", "across");
  }

  @Test
  void relocationsMoveWithTheirInstructions() throws IOException {
    BpfObject object =
        ofText(
            "moved",
            HEAD
                + """
                struct t { long pad; int pid; } __attribute__((preserve_access_index));
                static __attribute__((noinline)) int leaf(struct t *t) { return t->pid; }
                static __attribute__((noinline)) int pad(int x) { return x * 3; }
                SEC("tp_btf/a") int a(struct t *t) { return pad(t->pid) + leaf(t); }
                SEC("tp_btf/a") int b(struct t *t) { return leaf(t) + pad(t->pid); }
                """);
    for (String name : List.of("a", "b")) {
      ProgramDefinition program = program(object, name);
      assertThat(program.relocations()).hasSize(2).allMatch(r -> r.access().equals("0:1"));
      // "pid" is 8 bytes into the struct that the compiler saw.
      assertThat(program.relocations())
          .allMatch(r -> Slot.at(program.code(), r.slot()).offset() == 8);
    }
  }

  @Test
  void anOldMapsSectionIsRefusedWithTheWayOut() {
    assertThatThrownBy(
            () -> ofText("legacy", HEAD + "struct { int type; } old SEC(\"maps\") = {1};"))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("section 'maps'");
  }

  @Test
  void aFunctionThatNobodyDefinesIsNamedWithItsCaller() {
    assertThatThrownBy(() ->
            ofText(
                "undefined",
                HEAD
                    + """
                    int nowhere(int);
                    SEC("socket") int entry(struct __sk_buff *s) { return nowhere(s->len); }
                    """))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("socket: offset")
        .hasMessageContaining("'entry' calls 'nowhere'");
  }

  @Test
  void aMapWithAnUnknownFieldIsRefused() {
    assertThatThrownBy(() ->
            ofText(
                "field",
                HEAD
                    + """
                    struct { __uint(type, 2); __uint(max_entrys, 1); } wrong SEC(".maps");
                    """))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("map 'wrong' has the unknown field 'max_entrys'");
  }

  @Test
  void aPinnedMapSaysSo() throws IOException {
    BpfObject object =
        ofText(
            "pinned",
            HEAD
                + """
                struct {
                  __uint(type, BPF_MAP_TYPE_ARRAY);
                  __uint(max_entries, 1);
                  __uint(map_flags, BPF_F_NUMA_NODE);
                  __uint(numa_node, 1);
                  __uint(pinning, LIBBPF_PIN_BY_NAME);
                  __type(key, int);
                  __type(value, int);
                } kept SEC(".maps");
                """);
    assertThat(map(object, "kept").pinning()).isEqualTo(Pinning.BY_NAME);
    assertThat(map(object, "kept").numaNode()).isEqualTo(1);
    assertThat(object.programs()).isEmpty();
  }

  @Test
  void aProgramOfThisMachineIsNoBpfObject() {
    assertThatThrownBy(() -> BpfObject.open(Path.of("/proc/self/exe").toRealPath()))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("not a BPF object");
  }
}
