package dev.whatif.core.capability;

import java.util.ArrayList;
import java.util.List;

/**
 * What this machine and user may do, asked once.
 *
 * @param rows in the order in which a reader wants to know
 */
public record Capabilities(List<Capability> rows) {

  /** Asks this machine: about 20 small files and a few system calls. */
  public static Capabilities probe() {
    return of(KernelFiles.ofThisMachine(), PerfEventTrial.ofThisMachine());
  }

  static Capabilities of(KernelFiles files, PerfEventTrial trial) {
    Privileges privileges = Privileges.of(files);
    List<Capability> rows = new ArrayList<>();
    rows.addAll(MachineFindings.of(files));
    rows.addAll(new SamplingFindings(files, privileges, trial).rows());
    rows.addAll(new SymbolFindings(files, privileges).rows());
    rows.addAll(new KernelFindings(files, privileges).rows());
    return new Capabilities(List.copyOf(rows));
  }
}
