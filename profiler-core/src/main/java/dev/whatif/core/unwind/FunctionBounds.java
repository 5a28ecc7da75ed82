package dev.whatif.core.unwind;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.BadDataException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where functions begin and end by the call frame information of a file: all that a stripped file
 * still says about them.
 *
 * <p>A part that the compiler split off ({@code f.cold}) is a function of its own here, and so is a
 * run of assembly under one description. 16 bytes a function; a lookup is one binary search.
 * Immutable, holds no file open.
 */
public final class FunctionBounds {

  /** Of a file that describes none. */
  public static final FunctionBounds NONE = new FunctionBounds(new long[0], new long[0]);

  private final long[] starts;
  private final long[] ends;

  private FunctionBounds(long[] starts, long[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  /** Those that {@code .eh_frame} describes; none when it is missing or damaged from the start. */
  public static FunctionBounds of(ElfFile elf) {
    try {
      return CallFrameSections.ehFrame(elf).map(FunctionBounds::sorted).orElse(NONE);
    } catch (BadDataException e) {
      return NONE; // who unwinds the file reports it
    }
  }

  private static FunctionBounds sorted(FrameDescriptions frames) {
    int[] order =
        IntStream.range(0, frames.count())
            .filter(i -> frames.start(i) > 0 && frames.length(i) > 0)
            .boxed()
            .sorted((a, b) -> Long.compare(frames.start(a), frames.start(b)))
            .mapToInt(Integer::intValue)
            .toArray();
    return new FunctionBounds(
        Arrays.stream(order).mapToLong(frames::start).toArray(),
        Arrays.stream(order).mapToLong(i -> frames.start(i) + frames.length(i)).toArray());
  }

  /**
   * The first address of the function around an address.
   *
   * @param vaddr in the file's own addresses
   * @return -1 when none is described there
   */
  public long startOf(long vaddr) {
    int found = Arrays.binarySearch(starts, vaddr);
    int i = found >= 0 ? found : -found - 2;
    return i >= 0 && vaddr < ends[i] ? starts[i] : -1;
  }

  /**
   * The address behind the function around an address.
   *
   * @param vaddr in the file's own addresses
   * @return -1 when none is described there
   */
  public long endOf(long vaddr) {
    int found = Arrays.binarySearch(starts, vaddr);
    int i = found >= 0 ? found : -found - 2;
    return i >= 0 && vaddr < ends[i] ? ends[i] : -1;
  }
}
