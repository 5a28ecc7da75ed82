package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.verifier.RegisterState.Pointer;
import dev.whatif.ebpf.verifier.RegisterState.Scalar;
import java.util.Optional;

/**
 * Memory other than stacks and contexts: values and keys of maps, ring records, packets, plain
 * memory ({@code check_mem_region_access} in kernel/bpf/verifier.c).
 */
final class RegionAccess {

  /** What is done with the memory. */
  enum Kind {
    READ,
    WRITE
  }

  private final Verification in;

  RegionAccess(Verification verification) {
    in = verification;
  }

  /** What a load of some bytes gives. */
  RegisterState load(Pointer base, int offset, int bytes) {
    require(base, offset, bytes, Kind.READ);
    if (base.to() instanceof Provenance.MapValue(int map) && base.isFixed()) {
      Optional<byte[]> frozen = in.maps.frozen(map);
      if (frozen.isPresent()) {
        return Scalar.constant(little(frozen.get(), (int) base.fixedOffset() + offset, bytes));
      }
    }
    return Scalar.of(ScalarRange.loaded(bytes, false));
  }

  /**
   * Checks an access.
   *
   * @param offset added to the pointer
   * @throws Fault when it may touch anything outside
   */
  void require(Pointer base, int offset, int bytes, Kind kind) {
    switch (base.to()) {
      case Provenance.MapValue(int map) -> {
        if (kind == Kind.WRITE ? in.maps.isReadOnly(map) : in.maps.isWriteOnly(map)) {
          throw new Fault(
              "%s %s, which programs must not"
                  .formatted(kind == Kind.WRITE ? "writes to" : "reads", in.maps.name(map)),
              "constants are read only; use a variable that is not const");
        }
        within(base, offset, bytes, in.maps.valueBytes(map), "a value of " + in.maps.name(map));
      }
      case Provenance.MapKey(int map) -> {
        if (kind == Kind.WRITE) {
          throw new Fault("writes to a key of " + in.maps.name(map), "keys are read only");
        }
        within(base, offset, bytes, in.maps.keyBytes(map), "a key of " + in.maps.name(map));
      }
      case Provenance.Memory(int size, int reference) ->
          within(
              base,
              offset,
              bytes,
              size,
              reference == 0 ? "the program's memory" : "the ring record");
      case Provenance.Single single -> packet(base, offset, bytes, single);
      case Provenance.MapHandle(int map) ->
          throw new Fault(
              "uses %s itself as memory".formatted(in.maps.name(map)),
              "look a value up with bpf_map_lookup_elem");
      case Provenance.Function _ ->
          throw new Fault("uses a function as memory", "functions can only be called");
      case Provenance.Stack _ -> throw new IllegalStateException("stacks are accessed elsewhere");
    }
  }

  private static void packet(Pointer base, int offset, int bytes, Provenance.Single single) {
    switch (single) {
      case PACKET, PACKET_META -> {
        long from = (long) base.offset() + offset;
        if (base.variable().smin() < 0 || from < 0 || from + bytes > base.reach()) {
          throw new Fault(
              "accesses bytes %d to %d of %s, of which %d are proven to be there"
                  .formatted(from, from + bytes - 1, base.to().text(), base.reach()),
              "compare with the packet's end first: if (data + %d > data_end) return XDP_PASS;"
                  .formatted(Math.max(from + bytes, bytes)));
        }
      }
      case PACKET_END ->
          throw new Fault("accesses what is behind the packet", "compare with it, nothing else");
      case CONTEXT ->
          throw new Fault("uses the context as plain memory", "copy the fields that are needed");
    }
  }

  private static void within(Pointer base, int offset, int bytes, int size, String what) {
    ScalarRange variable = base.variable();
    long fixed = (long) base.offset() + offset;
    long least = variable.smin() + fixed;
    if (variable.smin() < 0 && (variable.smin() == Long.MIN_VALUE || least < 0)) {
      throw outside(what, "the index may be negative: " + variable.text(), size);
    }
    if (least < 0 || least + bytes > size) {
      throw outside(what, "accesses bytes %d to %d".formatted(least, least + bytes - 1), size);
    }
    if (Long.compareUnsigned(variable.umax(), PointerArithmetic.MAX_OFFSET) >= 0) {
      throw outside(what, "the index has no upper bound", size);
    }
    long most = variable.umax() + fixed;
    if (most + bytes > size) {
      throw outside(
          what,
          "accesses up to byte %d, the index is %s".formatted(most + bytes - 1, variable.text()),
          size);
    }
  }

  private static Fault outside(String what, String how, int size) {
    return new Fault(
        "%s; %s has %d bytes".formatted(how, what, size),
        "check the index before using it: if (i >= n) return 0; or i &= n - 1 for a power of two");
  }

  private static long little(byte[] data, int at, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << Byte.SIZE | data[at + i] & 0xff;
    }
    return value;
  }
}
