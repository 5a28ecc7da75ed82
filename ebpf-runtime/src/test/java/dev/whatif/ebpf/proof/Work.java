package dev.whatif.ebpf.proof;

import dev.whatif.core.process.Tracer;

/** What is done to a target. */
enum Work {
  /** All threads are stopped and let go. */
  STOP {
    @Override
    void on(int pid) {
      try (Tracer tracer = Tracer.of(pid)) {
        int threads = tracer.stopAll(stopped -> stopped.threads().size());
        if (threads == 0) {
          throw new AssertionError("no thread was stopped");
        }
      }
    }
  };

  abstract void on(int pid);
}
