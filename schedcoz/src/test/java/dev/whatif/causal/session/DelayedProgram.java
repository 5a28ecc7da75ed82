package dev.whatif.causal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.causal.account.Accounting;
import dev.whatif.causal.account.AccountingOptions;
import dev.whatif.causal.backend.SignalBackend;
import dev.whatif.causal.progress.ProgressPoint;
import dev.whatif.core.dwarf.DebugFiles;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.place.Place;
import dev.whatif.core.place.TargetCode;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import java.time.Duration;
import java.util.List;

/** A C program of the tests that is in scope, can be paused, and has a function that counts. */
record DelayedProgram(
    Spawn program,
    Accounting accounting,
    TargetCode code,
    SignalBackend backend,
    ProgressPoint point)
    implements AutoCloseable {

  static DelayedProgram start(String source, String function, AccountingOptions options) {
    String file = Programs.compiled(source, "-O2", "-g", "-pthread").toString();
    Spawn program = Spawn.running(List.of(file), SpawnHeader.Files.INHERITED);
    Accounting accounting = Accounting.start(options);
    TargetCode code = TargetCode.of(List.of(program.pid()), DebugFiles.standard());
    accounting.admit(program.pid());
    ProgressPoint point = ProgressPoint.attach(accounting, code, 0, Place.parse(function));
    DelayedProgram all =
        new DelayedProgram(program, accounting, code, new SignalBackend(accounting), point);
    all.backend.follow();
    assertThat(all.backend.refusals()).isEmpty();
    return all;
  }

  @Override
  public void close() {
    backend.close();
    code.close();
    accounting.close();
    program.stop(Duration.ZERO);
  }
}
