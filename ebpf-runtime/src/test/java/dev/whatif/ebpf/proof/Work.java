package dev.whatif.ebpf.proof;

import dev.whatif.core.process.Tracer;
import dev.whatif.ebpf.attach.EntryOptions;
import dev.whatif.ebpf.attach.Injector;
import dev.whatif.ebpf.attach.PauseCode;
import dev.whatif.ebpf.attach.RemoteCall;

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
  },

  /** It is entered with a signal handler, makes a call for us, and is left. */
  ENTER {
    @Override
    void on(int pid) {
      EntryOptions options = EntryOptions.DEFAULT.with(new PauseCode());
      try (Injector injector = Injector.enter(pid, options)) {
        long[] results = injector.syscalls(new RemoteCall("close", CLOSE, -1));
        if (results[0] != -EBADF) {
          throw new AssertionError("close(-1) gave " + results[0]);
        }
      }
    }
  };

  private static final int CLOSE = 3;
  private static final int EBADF = 9;

  abstract void on(int pid);
}
