package dev.whatif.core.capability;

import java.util.ArrayList;
import java.util.List;

/**
 * What can be learnt about one process, and what stands in the way.
 *
 * @param rows identity first, then permissions, then its program and libraries
 */
public record ProcessDiagnosis(List<Capability> rows) {

  /**
   * Looks at a process without touching it.
   *
   * @throws dev.whatif.core.failure.TargetLostException when there is no such process
   */
  public static ProcessDiagnosis of(int pid) {
    return of(KernelFiles.ofThisMachine(), pid);
  }

  static ProcessDiagnosis of(KernelFiles files, int pid) {
    ProcessStatus status = ProcessStatus.of(files, pid);
    Privileges privileges = Privileges.of(files);
    List<Capability> rows = new ArrayList<>();
    rows.addAll(new AccessFindings(files, privileges, status).rows());
    List<ProcessStatus> threads = ProcessStatus.ofThreads(files, pid);
    rows.addAll(new AttachFindings(files, privileges, status, threads).rows());
    if (!status.isKernelThread(files)) {
      rows.addAll(new EntryFindings(files, status, threads).rows());
    }
    rows.addAll(ObjectFindings.of(files, status));
    return new ProcessDiagnosis(List.copyOf(rows));
  }
}
