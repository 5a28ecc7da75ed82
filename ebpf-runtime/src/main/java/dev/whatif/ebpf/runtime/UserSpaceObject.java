package dev.whatif.ebpf.runtime;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.KernelConfig;
import dev.whatif.ebpf.object.MapDefinition;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import dev.whatif.ebpf.verifier.Verifier;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of an object and the object's maps, in this process: what {@link
 * dev.whatif.ebpf.kernel.LoadedObject} is in the kernel. Any thread.
 */
public final class UserSpaceObject implements AutoCloseable {

  private final VerifiedProgram program;
  private final List<BpfMap> maps;

  private UserSpaceObject(VerifiedProgram program, List<BpfMap> maps) {
    this.program = program;
    this.maps = maps;
  }

  /**
   * Verifies a program of an object and makes the maps, with their first values.
   *
   * @throws dev.whatif.core.failure.BadDataException when the verifier refuses the program
   * @throws UnavailableException when it needs something that user space does not have
   */
  public static UserSpaceObject load(BpfObject object, String program) {
    BpfObject configured =
        object.needsKernelConfig()
            ? object.withKernelConfig(KernelConfig.ofRunningKernel())
            : object;
    ProgramDefinition definition =
        configured.programs().stream()
            .filter(p -> p.name().equals(program))
            .findFirst()
            .orElseThrow(
                () -> new UsageException(object.name() + " has no program '" + program + "'"));
    VerifiedProgram verified;
    try {
      verified =
          Verifier.verify(new ObjectPrograms(configured).program(definition), RuleSet.KERNEL);
    } catch (ProgramRefusal e) {
      throw e.asBadData();
    }
    List<BpfMap> maps = new ArrayList<>();
    try {
      for (MapDefinition map : configured.maps()) {
        maps.add(made(map));
      }
      return new UserSpaceObject(verified, List.copyOf(maps));
    } catch (RuntimeException e) {
      maps.forEach(BpfMap::close);
      throw e;
    }
  }

  private static BpfMap made(MapDefinition map) {
    if (!map.slots().isEmpty()) {
      throw new UnavailableException(
          "map '%s' is to hold programs from the beginning, which user space does not do yet"
              .formatted(map.name()),
          "run it in the kernel: --engine kernel");
    }
    return BpfMap.create(map);
  }

  /** The program. */
  public VerifiedProgram program() {
    return program;
  }

  /** The maps, in the order of the program's. */
  public List<BpfMap> maps() {
    return maps;
  }

  @Override
  public void close() {
    maps.forEach(BpfMap::close);
  }
}
