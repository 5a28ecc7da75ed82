package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.kernel.MapType;

/**
 * Which helpers work on which maps ({@code check_map_func_compatibility} in kernel/bpf/verifier.c).
 */
final class MapUse {

  private MapUse() {}

  static void require(Maps maps, int map, HelperFunction helper) {
    MapType type = maps.require(map);
    boolean fits =
        switch (helper) {
          case MAP_LOOKUP_ELEM -> isStore(type) || type == MapType.STACK_TRACE;
          case MAP_UPDATE_ELEM -> isStore(type);
          case MAP_DELETE_ELEM -> isStore(type) || type == MapType.STACK_TRACE;
          case TAIL_CALL -> type == MapType.PROG_ARRAY;
          case PERF_EVENT_OUTPUT -> type == MapType.PERF_EVENT_ARRAY;
          case GET_STACKID -> type == MapType.STACK_TRACE;
          case RINGBUF_OUTPUT, RINGBUF_RESERVE, RINGBUF_QUERY -> type == MapType.RINGBUF;
          case FOR_EACH_MAP_ELEM -> isStore(type);
          case MAP_LOOKUP_PERCPU_ELEM ->
              type == MapType.PERCPU_ARRAY || type == MapType.PERCPU_HASH;
          default -> true;
        };
    if (!fits) {
      throw new Fault(
          "%s does not work on %s, which is of type %s"
              .formatted(helper.cName(), maps.name(map), type),
          "use the helpers of that type, or another type of map");
    }
    boolean changes =
        helper == HelperFunction.MAP_UPDATE_ELEM || helper == HelperFunction.MAP_DELETE_ELEM;
    if (changes && maps.isReadOnly(map)) {
      throw new Fault(
          "%s changes %s, which programs must not".formatted(helper.cName(), maps.name(map)),
          "use a map that is not read only");
    }
  }

  private static boolean isStore(MapType type) {
    return switch (type) {
      case HASH, ARRAY, PERCPU_HASH, PERCPU_ARRAY, LRU_HASH -> true;
      default -> false;
    };
  }
}
