package dev.whatif.ebpf.map;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Errno;

/**
 * Why there will be no such map.
 *
 * @param errno what BPF_MAP_CREATE says in the kernel
 */
record MapRefusal(Errno errno, String reason, String remedy) {

  static MapRefusal invalid(String reason, String remedy) {
    return new MapRefusal(Errno.EINVAL, reason, remedy);
  }

  static MapRefusal tooBig(String reason, String remedy) {
    return new MapRefusal(Errno.E2BIG, reason, remedy);
  }

  static MapRefusal noMemory(String reason, String remedy) {
    return new MapRefusal(Errno.ENOMEM, reason, remedy);
  }

  UnavailableException exception(String map) {
    return new UnavailableException(
        "no map '%s': %s (%s)".formatted(map, reason, errno.text()), remedy);
  }
}
