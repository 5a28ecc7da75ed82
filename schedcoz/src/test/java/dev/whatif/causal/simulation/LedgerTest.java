package dev.whatif.causal.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wakes that come before their sleeper has left its CPU, one by one. */
class LedgerTest {

  private final Ledger ledger = new Ledger(1, 0);
  private final Ledger.Place cpu = new Ledger.Place();
  private final Ledger.Account waker = new Ledger.Account();
  private final Ledger.Account sleeper = new Ledger.Account();

  /** The world should have stood still for 100 us; the sleeper has done so, the waker has not. */
  @BeforeEach
  void oneOfThemIsInDebt() {
    ledger.ranInRegion(new Ledger.Account(), 100);
    ledger.slept(sleeper, 100);
    ledger.switchedIn(sleeper, cpu, 900, false, 900);
    assertThat(ledger.debt(waker)).isEqualTo(100);
    assertThat(ledger.debt(sleeper)).isZero();
  }

  @Test
  void aSleeperInheritsTheDebtOfAWakerThatOvertookItsSwitch() {
    ledger.woken(sleeper, waker, 1_000, false);
    ledger.switchedOut(sleeper, cpu, 1_010);
    ledger.switchedIn(sleeper, cpu, 1_010, false, 1_010);
    assertThat(ledger.virtual(sleeper, 1_010)).isCloseTo(1_000, within(1e-9));
    assertThat(ledger.overtaken).isEqualTo(1);
  }

  @Test
  void aSleeperThatWasAheadLosesNothingByAnOvertakingWake() {
    ledger.woken(waker, sleeper, 1_000, false);
    ledger.switchedOut(waker, cpu, 1_010);
    ledger.switchedIn(waker, cpu, 1_010, false, 1_010);
    assertThat(ledger.virtual(waker, 1_010)).isCloseTo(1_010, within(1e-9));
    assertThat(ledger.debt(waker)).isCloseTo(100, within(1e-9));
  }

  @Test
  void aWakeAfterTheSwitchPaysForTheSleep() {
    ledger.switchedOut(waker, cpu, 1_000);
    ledger.woken(waker, sleeper, 1_060, true);
    ledger.switchedIn(waker, cpu, 1_060, false, 1_060);
    assertThat(ledger.debt(waker)).as("60 us of 100 were slept").isCloseTo(40, within(1e-9));
  }

  @Test
  void aDevicePaysForNothing() {
    ledger.switchedOut(waker, cpu, 1_000);
    ledger.wokenFromOutside(waker);
    ledger.switchedIn(waker, cpu, 1_060, false, 1_060);
    assertThat(ledger.debt(waker)).isCloseTo(100, within(1e-9));
  }
}
