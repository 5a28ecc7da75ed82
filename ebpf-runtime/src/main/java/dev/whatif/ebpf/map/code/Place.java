package dev.whatif.ebpf.map.code;

import java.util.ArrayList;
import java.util.List;

/** A place in code that is being emitted; jumps and calls may name it before it is reached. */
final class Place {

  static final int UNKNOWN = -1;

  int offset = UNKNOWN;
  final List<Integer> waiting = new ArrayList<>();
}
