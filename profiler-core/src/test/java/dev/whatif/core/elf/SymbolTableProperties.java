package dev.whatif.core.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SymbolTableProperties {

  private static final byte[] NAMES = "\0_a\0b\0__c\0".getBytes(StandardCharsets.UTF_8);

  /** The model: of the symbols around an address, the one that begins last. */
  @Property(tries = 500)
  void theInnermostSymbolWins(@ForAll @Size(max = 20) List<@IntRange(max = 2000) Integer> symbols) {
    SymbolTableBuilder builder = new SymbolTableBuilder();
    int names = builder.strings(NAMES);
    int[] longest = new int[101];
    for (int s : symbols) {
      int start = s % 100;
      int size = 1 + s / 100;
      // one symbol an address, so that the choice among aliases does not matter here
      if (longest[start] == 0) {
        longest[start] = size;
        builder.add(0xffff_ff00_0000_0000L + start, size, -1, SymbolTableBuilder.GLOBAL, names, 4);
      }
    }
    SymbolTable table = builder.build();
    for (int a = 0; a < 140; a++) {
      int expected = -1;
      for (int start = 0; start < 100 && start <= a; start++) {
        if (longest[start] > a - start) {
          expected = start;
        }
      }
      int found = table.find(0xffff_ff00_0000_0000L + a);
      assertThat(found < 0 ? -1 : (int) (table.address(found) & 0xfff)).isEqualTo(expected);
    }
  }

  @Property(tries = 500)
  void anyNumbersMakeATable(
      @ForAll @Size(max = 12) List<Long> numbers, @ForAll @IntRange(max = 2) int binding) {
    SymbolTableBuilder builder = new SymbolTableBuilder();
    int names = builder.strings(NAMES);
    for (int i = 0; i + 3 < numbers.size(); i += 2) {
      builder.add(
          numbers.get(i),
          numbers.get(i + 1),
          numbers.get(i + 2),
          binding,
          names,
          numbers.get(i + 3).intValue());
    }
    SymbolTable table = builder.build();
    for (long n : numbers) {
      int found = table.find(n);
      if (found >= 0) {
        assertThat(table.name(found)).isIn("", "_a", "a", "b", "__c", "_c", "c");
        assertThat(Long.compareUnsigned(table.address(found), n)).isNotPositive();
      }
    }
  }
}
