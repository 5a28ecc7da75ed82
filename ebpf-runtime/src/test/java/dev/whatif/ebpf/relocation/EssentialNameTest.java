package dev.whatif.ebpf.relocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfBuilder;
import dev.whatif.ebpf.btf.BtfType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EssentialNameTest {

  @ParameterizedTest
  @CsvSource({
    "task_struct, task_struct",
    "task_struct___old, task_struct",
    "a___b___c, a___b",
    "a____b, a____b",
    "a___b____c, a",
    "___GFP_DMA, ___GFP_DMA",
    "a___, a___",
    "___, ___",
    "a__b, a__b",
    "'', ''"
  })
  void aFlavourBeginsAtTheLastThreeUnderscores(String name, String essential) {
    assertThat(EssentialName.of(name)).isEqualTo(essential);
  }

  @Test
  void flavouredNamesAreFoundInABlobWhereverTheyLie() {
    List<String> names =
        List.of("a___b", "xy___b", "xyz___c", "longer_name___of_a_type", "a___c", "no____flavour");
    BtfBuilder builder = new BtfBuilder();
    for (String name : names) {
      builder.add(new BtfType.Struct(0, name, false, 0, false, List.of()));
      builder.add(new BtfType.Struct(0, "filler" + name.length(), false, 0, false, List.of()));
    }
    Flavours flavours = Flavours.of(builder.build("test"));

    assertThat(flavours.named("a")).containsExactly("a___b", "a___c");
    assertThat(flavours.named("xy")).containsExactly("xy___b");
    assertThat(flavours.named("xyz")).containsExactly("xyz___c");
    assertThat(flavours.named("longer_name")).containsExactly("longer_name___of_a_type");
    assertThat(flavours.named("no")).isEmpty();
  }

  @Test
  void aModulesFlavourMayBeNamedByItsBase() {
    BtfBuilder first = new BtfBuilder();
    first.string("driver___new");
    Btf base = first.build("base");
    BtfBuilder split = BtfBuilder.splitFrom(base);
    split.add(new BtfType.Struct(0, "other___one", false, 0, false, List.of()));
    Btf module = Btf.parseSplit("module", split.bytes(), base);

    Flavours flavours = Flavours.of(module);

    assertThat(flavours.named("driver")).containsExactly("driver___new");
    assertThat(flavours.named("other")).containsExactly("other___one");
  }
}
