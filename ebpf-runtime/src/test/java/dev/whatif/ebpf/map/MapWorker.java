package dev.whatif.ebpf.map;

import java.lang.foreign.Arena;

/**
 * Another process that uses a map. It takes its slot, tells that it has begun by one line, and goes
 * on until it is killed or its input ends; then it tells what it has done.
 */
final class MapWorker {

  private MapWorker() {}

  public static void main(String[] arguments) throws Exception {
    int owner = Integer.parseInt(arguments[0]);
    try (ThreadSlots slots =
            ThreadSlots.attach(MapMemory.open(owner, Integer.parseInt(arguments[1])));
        Arena arena = Arena.ofConfined()) {
      int slot = slots.acquire(ThreadIdentity.current());
      try (BpfMap map =
          BpfMap.attach(MapMemory.open(owner, Integer.parseInt(arguments[2])), slot)) {
        System.out.println(slot);
        if (map instanceof RingMap ring) {
          ring(arena, ring, slot);
        } else {
          table(arena, map, slot, arguments.length > 3);
        }
      }
      slots.release(slot);
    }
  }

  private static boolean told() {
    try {
      return System.in.available() > 0;
    } catch (java.io.IOException e) {
      return true;
    }
  }

  private static void ring(Arena arena, RingMap ring, int slot) {
    RingWriter writer = new RingWriter(arena, ring, slot, System.nanoTime());
    while (!told()) {
      for (int i = 0; i < 100; i++) {
        writer.write();
      }
    }
    System.out.println(writer.sent + " " + writer.discarded + " " + writer.refused);
  }

  private static void table(Arena arena, BpfMap map, int slot, boolean looks) {
    TableChurn churn = new TableChurn(arena, map, slot, System.nanoTime());
    if (looks) {
      churn.look(MapWorker::told);
    } else {
      churn.run(MapWorker::told);
    }
    churn.checkAllOwn();
    System.out.println(churn.counted + " " + churn.operations);
  }
}
