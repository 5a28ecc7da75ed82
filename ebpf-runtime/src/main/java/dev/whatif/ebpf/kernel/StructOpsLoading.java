package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.object.StructOpsDefinition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of functions for the kernel, fitted to the running kernel's struct by the names of its
 * members: kernels order and extend them freely (kernel/bpf/bpf_struct_ops.c).
 */
final class StructOpsLoading {

  private static final String VALUE_PREFIX = "bpf_struct_ops_";
  private static final String DATA = "data";

  private final StructOpsDefinition definition;
  private final Btf local;
  private final KernelTypes.Found value;
  private final Btf types;
  private final BtfType.Struct struct;
  private final int dataOffset;

  /**
   * For one table.
   *
   * @param local the object's types
   * @throws UnavailableException when the kernel has no such tables
   */
  StructOpsLoading(StructOpsDefinition definition, Btf local, KernelTypes kernel) {
    this.definition = definition;
    this.local = local;
    String typeName = definition.typeName();
    this.value =
        kernel
            .find(BtfKind.STRUCT, VALUE_PREFIX + typeName)
            .orElseThrow(() -> notTaken(definition, null));
    this.types = value.types();
    BtfType.Member data =
        ((BtfType.Struct) types.type(value.id()))
            .members().stream()
                .filter(m -> m.name().equals(DATA))
                .findFirst()
                .orElseThrow(() -> types.bad(value.id(), "has no member 'data'"));
    this.dataOffset = data.bitOffset() / Byte.SIZE;
    this.struct = (BtfType.Struct) types.type(types.resolve(data.type()));
  }

  /**
   * The map that holds the table, empty.
   *
   * @param objectTypes the object's in the kernel, which wants to see some also where the value's
   *     type is its own (kernel/bpf/syscall.c, map_create)
   */
  KernelMap createMap(KernelBtf objectTypes) {
    MapSpec spec =
        new MapSpec(
                definition.name(),
                MapType.STRUCT_OPS,
                Integer.BYTES,
                (int) types.sizeOf(value.id()),
                1)
            .flags(definition.link() ? Bpf.BPF_F_LINK : 0)
            .types(objectTypes, 0, 0)
            .kernelValueType(value.id(), value.module());
    try {
      return KernelMap.create(spec);
    } catch (BadDataException e) {
      // sizes and flags are the kernel's own: it knows the struct but has not registered it
      throw notTaken(definition, e);
    }
  }

  private static UnavailableException notTaken(
      StructOpsDefinition definition, @Nullable Throwable cause) {
    String message =
        "this kernel (Linux %s) takes no 'struct %s' from BPF, which '%s' is"
            .formatted(System.getProperty("os.version"), definition.typeName(), definition.name());
    String remedy =
        "use a kernel that does; for sched_ext_ops: Linux 6.12 with CONFIG_SCHED_CLASS_EXT";
    return cause == null
        ? new UnavailableException(message, remedy)
        : new UnavailableException(message, remedy, cause);
  }

  /** Makes a program what the kernel wants of a member; empty when the kernel has no such. */
  Optional<ProgramSpec> aim(ProgramSpec program, String member) {
    List<BtfType.Member> members = struct.members();
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).name().equals(member)) {
        return Optional.of(program.attachTo(struct.id(), value.module()).expectedAttachType(i));
      }
    }
    return Optional.empty();
  }

  /**
   * The table in the kernel's layout.
   *
   * @param programs by name; a missing one leaves its member 0
   * @throws BadDataException when a member that the kernel does not have is set
   */
  byte[] value(Map<String, KernelProgram> programs) {
    byte[] bytes = new byte[(int) types.sizeOf(value.id())];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] initial = definition.initialValue();
    for (BtfType.Member mine : ((BtfType.Struct) local.type(definition.typeId())).members()) {
      int from = mine.bitOffset() / Byte.SIZE;
      int size = (int) local.sizeOf(mine.type());
      if (from < 0 || from > initial.length - size) {
        throw local.bad(
            definition.typeId(),
            "has member '%s' of %d bytes at %d; it has %d bytes"
                .formatted(mine.name(), size, from, initial.length));
      }
      Optional<KernelProgram> program =
          definition.functions().stream()
              .filter(f -> f.member().equals(mine.name()))
              .findFirst()
              .map(f -> programs.get(f.program()));
      if (program.isEmpty() && isZero(initial, from, size)) {
        continue;
      }
      BtfType.Member theirs = kernelMember(mine.name());
      int to = dataOffset + theirs.bitOffset() / Byte.SIZE;
      if (program.isPresent()) {
        out.putLong(to, program.get().fd());
      } else {
        long room = types.sizeOf(theirs.type());
        if (size > room && !isZero(initial, from + (int) room, size - (int) room)) {
          throw new BadDataException(
              "'%s': member '%s' has %d bytes in the object and %d in this kernel"
                  .formatted(definition.name(), mine.name(), size, room));
        }
        System.arraycopy(initial, from, bytes, to, (int) Math.min(size, room));
      }
    }
    return bytes;
  }

  private BtfType.Member kernelMember(String name) {
    return struct.members().stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UnavailableException(
                "'%s' sets member '%s', which struct %s of this kernel does not have"
                    .formatted(definition.name(), name, definition.typeName()),
                "use a newer kernel, or leave the member out"));
  }

  private static boolean isZero(byte[] bytes, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
