package dev.whatif.causal.account;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What all CPUs have counted since the accounting began; the largest debt is that of the
 * experiment.
 *
 * @param samples of threads in scope
 * @param kernelSamples of them, in the kernel
 * @param regionSamples of them, in the region
 * @param unplaced of them, in code that belongs to no file, or could not be looked up
 * @param cpuNanos CPU time of threads in scope
 * @param stolenNanos they waited for a CPU that others used
 * @param debts samples that found a debt
 * @param debtNanos sum of those debts
 * @param mostDebtNanos the largest of them in the experiment
 * @param pauses delay signals sent
 * @param pausedNanos for how long threads were withheld from their work, summed
 * @param unpausable debts for which no signal could be sent
 * @param noRoom of them, because the stack might have no room for a signal
 * @param overtaken wakes that came before the switch of the thread that they wake
 * @param unexplained waits that ended without a wake being seen
 * @param lostPlaces samples whose code the histogram had no room for
 */
public record Totals(
    long samples,
    long kernelSamples,
    long regionSamples,
    long unplaced,
    long cpuNanos,
    long stolenNanos,
    long debts,
    long debtNanos,
    long mostDebtNanos,
    long pauses,
    long pausedNanos,
    long unpausable,
    long noRoom,
    long overtaken,
    long unexplained,
    long lostPlaces) {

  static Totals of(StructLayout cpu, List<byte[]> perCpu, int epoch) {
    long most = 0;
    for (byte[] one : perCpu) {
      ByteBuffer b = ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN);
      if (b.getInt(cpu.offset("debt_epoch")) == epoch) {
        most = Math.max(most, b.getLong(cpu.offset("most_debt")));
      }
    }
    return new Totals(
        sum(cpu, perCpu, "samples"),
        sum(cpu, perCpu, "kernel_samples"),
        sum(cpu, perCpu, "region_samples"),
        sum(cpu, perCpu, "unplaced"),
        sum(cpu, perCpu, "cpu_nanos"),
        sum(cpu, perCpu, "stolen"),
        sum(cpu, perCpu, "debts"),
        sum(cpu, perCpu, "debt"),
        most,
        sum(cpu, perCpu, "pauses"),
        sum(cpu, perCpu, "paused"),
        sum(cpu, perCpu, "unpausable"),
        sum(cpu, perCpu, "no_room"),
        sum(cpu, perCpu, "overtaken"),
        sum(cpu, perCpu, "unexplained"),
        sum(cpu, perCpu, "lost_places"));
  }

  private static long sum(StructLayout cpu, List<byte[]> perCpu, String member) {
    int offset = cpu.offset(member);
    return perCpu.stream()
        .mapToLong(v -> ByteBuffer.wrap(v).order(ByteOrder.LITTLE_ENDIAN).getLong(offset))
        .sum();
  }

  /** What was counted since an earlier moment. */
  public Totals since(Totals before) {
    return new Totals(
        samples - before.samples,
        kernelSamples - before.kernelSamples,
        regionSamples - before.regionSamples,
        unplaced - before.unplaced,
        cpuNanos - before.cpuNanos,
        stolenNanos - before.stolenNanos,
        debts - before.debts,
        debtNanos - before.debtNanos,
        mostDebtNanos,
        pauses - before.pauses,
        pausedNanos - before.pausedNanos,
        unpausable - before.unpausable,
        noRoom - before.noRoom,
        overtaken - before.overtaken,
        unexplained - before.unexplained,
        lostPlaces - before.lostPlaces);
  }
}
