package dev.whatif.causal.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A simulated program.
 *
 * @param threads what each does
 */
record TaskGraph(List<List<Op>> threads) {

  /** Threads that compute, take two locks, and wait for a device, as chance has it. */
  static TaskGraph random(long seed, int threads, int steps) {
    Random random = new Random(seed);
    List<List<Op>> all = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      List<Op> ops = new ArrayList<>();
      for (int step = 0; step < steps; step++) {
        ops.add(new Op.Run(random.nextInt(50, 400), false));
        double kind = random.nextDouble();
        if (kind < 0.4) {
          ops.add(new Op.Lock("a"));
          ops.add(new Op.Run(random.nextInt(100, 500), random.nextBoolean()));
          ops.add(new Op.Unlock("a"));
        } else if (kind < 0.7) {
          ops.add(new Op.Run(random.nextInt(50, 400), true));
        } else if (kind < 0.85) {
          ops.add(new Op.Io(random.nextInt(100, 600)));
        } else {
          ops.add(new Op.Lock("b"));
          ops.add(new Op.Run(random.nextInt(50, 300), false));
          ops.add(new Op.Unlock("b"));
        }
      }
      all.add(ops);
    }
    return new TaskGraph(all);
  }

  /** Stages that hand items on; the region is one stage. */
  static TaskGraph pipeline(long seed, int stages, int items) {
    Random random = new Random(seed);
    int fast = random.nextInt(stages);
    List<List<Op>> all = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      int micros = random.nextInt(50, 400);
      List<Op> ops = new ArrayList<>();
      for (int item = 0; item < items; item++) {
        if (stage > 0) {
          ops.add(new Op.Await("queue" + stage));
        }
        ops.add(new Op.Run(micros, stage == fast));
        ops.add(new Op.Post("queue" + (stage + 1)));
      }
      all.add(ops);
    }
    return new TaskGraph(all);
  }

  /** Rounds of a long thread (the region) and a short one that are waited for: gains min(s, .5). */
  static TaskGraph plateau(int rounds) {
    List<Op> leader = new ArrayList<>();
    List<Op> slow = new ArrayList<>();
    List<Op> quick = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      leader.addAll(
          List.of(
              new Op.Post("slow"),
              new Op.Post("quick"),
              new Op.Await("done"),
              new Op.Await("done")));
      slow.addAll(List.of(new Op.Await("slow"), new Op.Run(3600, true), new Op.Post("done")));
      quick.addAll(List.of(new Op.Await("quick"), new Op.Run(1800, false), new Op.Post("done")));
    }
    return new TaskGraph(List.of(leader, slow, quick));
  }
}
