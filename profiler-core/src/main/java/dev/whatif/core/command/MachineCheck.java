package dev.whatif.core.command;

import dev.whatif.core.capability.Capabilities;
import dev.whatif.core.capability.Capability;
import dev.whatif.core.capability.ProcessDiagnosis;
import java.util.List;

/** Doctor's rows about sampling, symbols, kernel features, and processes. */
public final class MachineCheck implements Check {

  /** For the service loader. */
  public MachineCheck() {}

  @Override
  public List<Capability> machine() {
    return Capabilities.probe().rows();
  }

  @Override
  public List<Capability> process(int pid) {
    return ProcessDiagnosis.of(pid).rows();
  }
}
