package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.Btf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The flavoured names that occur in a BTF, by their essential names.
 *
 * <p>Names with three underscores in the middle are rare (none in a typical kernel), so they are
 * found by one pass over the bytes instead of a second index of all names: 5 MB take a few
 * milliseconds. Bytes that are no name do no harm: no type has it.
 */
final class Flavours {

  /** No name is longer; keeps a damaged BTF from costing more than a pass. */
  private static final int MAX_NAME = 1024;

  private final Map<String, Set<String>> byEssentialName;

  private Flavours(Map<String, Set<String>> byEssentialName) {
    this.byEssentialName = byEssentialName;
  }

  static Flavours of(Btf btf) {
    Map<String, Set<String>> found = new HashMap<>();
    // A module's types may be named by strings of its base.
    for (Btf part = btf; part != null; part = part.base()) {
      collect(part.raw(), found);
    }
    return new Flavours(found);
  }

  private static void collect(byte[] raw, Map<String, Set<String>> found) {
    // Three in a row have one at every third place.
    for (int at = 2; at < raw.length; at += EssentialName.SEPARATOR.length()) {
      if (raw[at] == '_' && isSeparator(raw, at)) {
        int end = end(raw, at);
        String name = new String(raw, start(raw, at), end - start(raw, at), StandardCharsets.UTF_8);
        String essential = EssentialName.of(name);
        if (!essential.equals(name)) {
          found.computeIfAbsent(essential, e -> new TreeSet<>()).add(name);
        }
        at = end;
      }
    }
  }

  /** Names that have a flavour and this essential name. */
  Set<String> named(String essential) {
    return byEssentialName.getOrDefault(essential, Set.of());
  }

  private static boolean isSeparator(byte[] raw, int at) {
    int from = at;
    while (from > 0 && raw[from - 1] == '_') {
      from--;
    }
    int to = at;
    while (to + 1 < raw.length && raw[to + 1] == '_') {
      to++;
    }
    return to - from == 2;
  }

  private static int start(byte[] raw, int at) {
    int from = at;
    while (from > 0 && at - from < MAX_NAME && raw[from - 1] != 0) {
      from--;
    }
    return from;
  }

  private static int end(byte[] raw, int at) {
    int to = at;
    while (to < raw.length && to - at < MAX_NAME && raw[to] != 0) {
      to++;
    }
    return to;
  }
}
