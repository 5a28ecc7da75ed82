package dev.whatif.core.dwarf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The rows of a line program where a statement of one line begins, and of these the one in each
 * copy of a function that counts how often the line runs.
 */
final class StatementSites implements LineSink {

  private final int line;
  private final List<Long> addresses = new ArrayList<>();
  private final List<Long> sequence = new ArrayList<>();
  private final Map<Integer, Boolean> files = new HashMap<>();
  private IntPredicate wanted = number -> false;
  private long first;
  private boolean begun;

  StatementSites(int line) {
    this.line = line;
  }

  /** Which numbers mean the file. */
  void wanted(IntPredicate numbers) {
    wanted = numbers;
  }

  @Override
  public void row(long address, int file, int rowLine, boolean statement, boolean discriminated) {
    if (!begun) {
      begun = true;
      first = address;
    }
    if (rowLine == line && statement && files.computeIfAbsent(file, wanted::test)) {
      sequence.add(address);
    }
  }

  @Override
  public void endSequence(long address) {
    if (!Ranges.isDiscarded(first)) {
      sequence.stream().filter(a -> a < address).forEach(addresses::add);
    }
    sequence.clear();
    begun = false;
  }

  boolean isEmpty() {
    return addresses.isEmpty();
  }

  /** One address of each copy of a function; all of those that lie in no function. */
  Collection<Long> chosen(DebugInfo info) {
    List<Long> result = new ArrayList<>();
    Map<Copy, Long> ofFunction = new HashMap<>();
    for (long address : addresses) {
      UnitCode code = info.codeAt(address);
      int function = code == null ? -1 : code.functionAt(address);
      if (code == null || function < 0) {
        result.add(address);
        continue;
      }
      long begin = code.beginOfPhysical(function);
      ofFunction.merge(new Copy(code, function), address, (a, b) -> isBefore(a, b, begin) ? a : b);
    }
    result.addAll(ofFunction.values());
    return result;
  }

  /** A copy of a function. */
  private record Copy(UnitCode code, int node) {}

  /** A part that was split off often lies before the function, but runs after its beginning. */
  private static boolean isBefore(long a, long b, long begin) {
    return (a < begin) == (b < begin) ? a < b : b < begin;
  }
}
