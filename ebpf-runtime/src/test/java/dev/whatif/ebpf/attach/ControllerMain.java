package dev.whatif.ebpf.attach;

import dev.whatif.core.linux.Signal;
import dev.whatif.core.process.Requests;
import dev.whatif.core.process.Tracer;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;

/**
 * Enters a process, does there everything that can be done, leaves it, and kills its own JVM after
 * the k-th request. {@code ControllerMain PID K}; K = 0 prints how many requests there are.
 */
public final class ControllerMain {

  static final int MMAPABLE = 1 << 10;

  private ControllerMain() {}

  public static void main(String[] args) {
    int pid = Integer.parseInt(args[0]);
    long last = Long.parseLong(args[1]);
    try (KernelMap map =
        KernelMap.create(new MapSpec("whatif_test", MapType.ARRAY, 4, 8, 512).flags(MMAPABLE))) {
      Tracer tracer = Tracer.of(pid);
      Requests.observe(n -> {
        if (n == last) {
          Signal.kill((int) ProcessHandle.current().pid(), Signal.SIGKILL);
        }
      });
      EntryOptions options = EntryOptions.DEFAULT.with(new PauseCode());
      try (Injector injector = Injector.enter(pid, options, tracer)) {
        InstalledHandler second = injector.install(new PauseCode());
        injector.codeSpace().near(1L << 44);
        injector.passMap(map.fd(), 4096);
        second.close();
      }
      System.out.println(Requests.count());
    }
  }
}
