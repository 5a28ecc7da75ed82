package dev.whatif.core.process;

import dev.whatif.core.linux.Signal;

/** Stops a process, does what can be done to it, and kills its own JVM after the k-th request. */
final class KilledTracer {

  private static final int CODE_BYTES = 16;

  public static void main(String[] args) {
    int pid = Integer.parseInt(args[0]);
    long last = Long.parseLong(args[1]);
    try (Tracer tracer = Tracer.of(pid)) {
      Requests.observe(n -> {
        if (n == last) {
          Signal.kill((int) ProcessHandle.current().pid(), Signal.SIGKILL);
        }
      });
      tracer.stopAll(KilledTracer::changeNothing);
      System.out.println(Requests.count());
    }
  }

  private static int changeNothing(Stopped stopped) {
    for (StoppedThread t : stopped.threads()) {
      byte[] code = new byte[CODE_BYTES];
      stopped.read(t.registers().rip(), code);
      stopped.write(t.registers().rip(), code);
      t.setSignalMask(t.signalMask());
      t.setExtendedState(t.extendedState());
      t.setRegisters(t.registers());
    }
    return 0;
  }
}
