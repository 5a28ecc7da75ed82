package dev.whatif.ebpf.verifier;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.CodeReference;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.ProgramDefinition;
import java.util.ArrayList;
import java.util.List;

/** The programs of an object, with what they name filled in as user space fills it in. */
public final class ObjectPrograms {

  private static final int MAP_INDEX = 5;
  private static final int MAP_INDEX_VALUE = 6;

  private ObjectPrograms() {}

  /**
   * One program of an object.
   *
   * @param code the definition's code, relocated to the types of the machine where it needs it
   * @throws BadDataException when the code is malformed, or names a variable of the kernel or a map
   *     that the object does not define
   */
  public static Program program(BpfObject object, ProgramDefinition definition, byte[] code) {
    byte[] patched = code.clone();
    List<MapDefinition> maps = new ArrayList<>();
    for (CodeReference reference : definition.references()) {
      switch (reference) {
        case CodeReference.MapAddress(int slot, String map) ->
            put(patched, slot, MAP_INDEX, index(object, definition, map, maps));
        case CodeReference.MapValue(int slot, String map, _) ->
            put(patched, slot, MAP_INDEX_VALUE, index(object, definition, map, maps));
        case CodeReference.KernelFunction _ -> {
          // stays a call of a kernel function, which is refused where it can be reached
        }
        case CodeReference.KernelVariable variable -> {
          if (!variable.weak()) {
            throw new BadDataException(
                "program '%s' reads the kernel's variable '%s', which is not there in user space"
                    .formatted(definition.name(), variable.kernelName()),
                "attach it in the kernel, or declare the variable __weak and test its address");
          }
          put(patched, variable.slot(), 0, 0);
          put(patched, variable.slot() + 1, 0, 0);
        }
      }
    }
    return new Program(
        definition.name(),
        definition.kind().type(),
        0,
        Code.decode(patched),
        maps,
        definition.lines());
  }

  private static int index(
      BpfObject object, ProgramDefinition definition, String name, List<MapDefinition> maps) {
    for (int i = 0; i < maps.size(); i++) {
      if (maps.get(i).name().equals(name)) {
        return i;
      }
    }
    maps.add(
        object.maps().stream()
            .filter(m -> m.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new BadDataException(
                    "program '%s' refers to map '%s', which the object does not define"
                        .formatted(definition.name(), name))));
    return maps.size() - 1;
  }

  private static void put(byte[] code, int slot, int source, int imm) {
    Slot old = Slot.at(code, slot);
    new Slot(old.opcode(), old.dst(), source, old.offset(), imm).put(code, slot);
  }
}
