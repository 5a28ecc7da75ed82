package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfBuilder;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.object.StructOpsDefinition;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules' types built by hand: the kernels that run these tests may have no modules. */
@Requires({Requirement.ROOT, Requirement.BPF, Requirement.KERNEL_BTF})
class KernelTypesTest {

  @TempDir private Path folder;

  private void module(String name, String struct) throws IOException {
    Btf kernel = Btf.ofKernel();
    int task = kernel.find(BtfKind.STRUCT, "task_struct").orElseThrow();
    BtfBuilder types = BtfBuilder.splitFrom(kernel);
    int pointer = types.add(new BtfType.Pointer(0, task));
    List<BtfType.Member> members = List.of(new BtfType.Member("owner", pointer, 64, 0));
    types.add(new BtfType.Struct(0, struct, false, 16, false, members));
    Files.write(folder.resolve(name), types.bytes());
  }

  @Test
  void aModulesTypesGoOnFromTheKernels() throws IOException {
    module("whatif_module", "whatif_thing");
    try (KernelTypes types = new KernelTypes(folder)) {
      Btf module = types.moduleTypes().getFirst();
      int thing = module.find(BtfKind.STRUCT, "whatif_thing").orElseThrow();
      assertThat(thing).isEqualTo(Btf.ofKernel().size() + 1);
      BtfType.Member owner = ((BtfType.Struct) module.type(thing)).members().getFirst();
      BtfType.Pointer pointer = (BtfType.Pointer) module.type(owner.type());
      assertThat(module.name(pointer.target())).isEqualTo("task_struct");
      assertThat(types.find(BtfKind.STRUCT, "task_struct").orElseThrow().module()).isNull();
      // the file is there and the kernel has no such module: as if it had been unloaded meanwhile
      assertThatThrownBy(() -> types.find(BtfKind.STRUCT, "whatif_thing"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("kernel module whatif_module");
    }
  }

  @Test
  void aDamagedModuleIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("broken"), new byte[50]);
    try (KernelTypes types = new KernelTypes(folder)) {
      assertThatThrownBy(types::moduleTypes)
          .isInstanceOf(BadDataException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void symbolsWhoseAddressesAreHiddenAreNotCalledMissing() throws IOException {
    Path symbols = folder.resolve("kallsyms");
    Files.writeString(symbols, "0000000000000000 D hidden\nffffffff81000000 T _text\n");
    KernelAddresses addresses = new KernelAddresses(symbols);
    assertThat(addresses.of("_text")).contains(0xffffffff81000000L);
    assertThat(addresses.of("absent")).isEmpty();
    assertThatThrownBy(() -> addresses.of("hidden"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("may not know");
  }

  @Test
  void aTableWhoseMembersLieOutsideOfItIsRefused() {
    BtfBuilder types = new BtfBuilder();
    int number = types.add(new BtfType.Int(0, "int", 4, BtfType.Int.SIGNED, 0, 32));
    List<BtfType.Member> members = List.of(new BtfType.Member("flags", number, 1 << 20, 0));
    int table = types.add(new BtfType.Struct(0, "tcp_congestion_ops", false, 8, false, members));
    StructOpsDefinition definition =
        new StructOpsDefinition(
            "hostile", table, "tcp_congestion_ops", new byte[8], List.of(), false, true);
    try (KernelTypes kernel = new KernelTypes(folder)) {
      StructOpsLoading loading = new StructOpsLoading(definition, types.build("hostile.o"), kernel);
      assertThatThrownBy(() -> loading.value(Map.of()))
          .isInstanceOf(BadDataException.class)
          .hasMessageContaining("member 'flags' of 4 bytes at 131072");
    }
  }
}
