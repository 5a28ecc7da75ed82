package dev.whatif.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AddressSpaceProperties {

  /** The model: an array of pages, each with the number of the mapping that came last. */
  @Property(tries = 500)
  void theLatestMappingWinsOnEveryPage(
      @ForAll @Size(max = 20) List<@IntRange(max = 1200) Integer> ranges) {
    AddressSpace space = new AddressSpace(1);
    int[] owner = new int[100];
    long[] offset = new long[100];
    int n = 0;
    for (int r : ranges) {
      int start = r / 20;
      int length = 1 + r % 20;
      n++;
      space.map(new Mapping(start, start + length, 1000L * n, "/m" + n, "", n, true));
      for (int i = 0; i < length; i++) {
        owner[start + i] = n;
        offset[start + i] = 1000L * n + i;
      }
    }
    for (int page = 0; page < owner.length; page++) {
      Mapping m = space.find(page);
      assertThat(m == null ? 0 : m.inode()).isEqualTo(owner[page]);
      if (m != null) {
        assertThat(m.offsetOf(page)).isEqualTo(offset[page]);
      }
    }
  }
}
