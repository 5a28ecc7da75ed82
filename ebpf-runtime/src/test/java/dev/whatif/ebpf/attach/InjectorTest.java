package dev.whatif.ebpf.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.linux.ThreadSignal;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

@Requires({Requirement.GCC, Requirement.ROOT})
class InjectorTest {

  private static long wordOf(int pid, long address) throws IOException {
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
      memory.seek(address);
      return Long.reverseBytes(memory.readLong());
    }
  }

  @Test
  void memoryIsSharedAndEverythingIsGoneAfterwards() throws Exception {
    try (EnteredProgram target = EnteredProgram.threads(1, 1, 2, 1)) {
      String before = target.appearance();
      try (Injector injector = Injector.enter(target.pid())) {
        CodeRegion region = injector.codeSpace().first();
        String inside = target.appearance();
        assertThat(inside).contains("r-xs").contains("/memfd:whatif:" + target.pid());
        assertThat(OpenFiles.on(target.pid(), RegionLayout::isPath)).isEmpty();
        region.data().set(ValueLayout.JAVA_LONG, 8192, 0x1122334455667788L);
        assertThat(wordOf(target.pid(), region.dataAddress() + 8192))
            .isEqualTo(0x1122334455667788L);
        region.code().set(ValueLayout.JAVA_LONG, 64, 42);
        assertThat(wordOf(target.pid(), region.codeAddress() + 64)).isEqualTo(42);
        long[] results =
            injector.syscalls(
                new RemoteCall("getpid", 39), new RemoteCall("close", SystemCalls.CLOSE, 999));
        assertThat(results).containsExactly(target.pid(), -9);
        assertThat(injector.entryStop()).isPositive();
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void aHundredEntriesLeaveNothing() {
    try (EnteredProgram target = EnteredProgram.threads(1, 1, 2, 1)) {
      String before = target.appearance();
      for (int i = 0; i < 100; i++) {
        try (Injector injector =
            Injector.enter(target.pid(), EntryOptions.DEFAULT.with(new PauseCode()))) {
          assertThat(injector.handlers()).hasSize(1);
        }
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void codeNearEveryPlaceIsWithinItsReach() throws Exception {
    try (EnteredProgram target = EnteredProgram.threads(0, 1, 0, 0)) {
      String before = target.appearance();
      try (Injector injector = Injector.enter(target.pid())) {
        long program = CodeSpace.home(target.pid());
        long stack = new Random(1).nextLong(1L << 45, 1L << 46);
        CodeRegion near = injector.codeSpace().near(program);
        assertThat(near).isSameAs(injector.codeSpace().first());
        CodeRegion far = injector.codeSpace().near(stack);
        assertThat(far.reaches(stack)).isTrue();
        assertThat(injector.codeSpace().near(stack + 4096)).isSameAs(far);
        assertThat(injector.codeSpace().regions()).containsExactly(near, far);
      }
      assertThat(target.appearance()).isEqualTo(before);
    }
  }

  @Test
  void whatADeadControllerLeftIsRemovedOnceNoThreadIsInIt() {
    try (EnteredProgram target = EnteredProgram.threads(0, 1, 0, 0)) {
      String before = target.appearance();
      Injector dead = Injector.enter(target.pid());
      InstalledHandler handler = dead.install(new PauseCode());
      MemorySegment data = handler.data();
      long deadline = System.nanoTime() + 400_000_000;
      data.set(ValueLayout.JAVA_LONG, PauseCode.SECONDS_OFFSET, deadline / 1_000_000_000);
      data.set(ValueLayout.JAVA_LONG, PauseCode.NANOS_OFFSET, deadline % 1_000_000_000);
      // the main thread: a sleeping one would see that a handler ran
      ThreadSignal.send(target.pid(), target.pid(), handler.signal());
      while (data.get(ValueLayout.JAVA_LONG, PauseCode.BEGUN_OFFSET) == 0) {
        LockSupport.parkNanos(1_000_000);
      }
      dead.letGo();
      assertThat(target.appearance()).isNotEqualTo(before);
      try (Injector injector = Injector.enter(target.pid())) {
        assertThat(System.nanoTime()).isGreaterThan(deadline);
        assertThat(FreeSignal.candidates(target.pid())).startsWith(63);
        assertThat(injector.handlers()).isEmpty();
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }

  @Test
  void aHeaderThatTheTargetHasOverwrittenMisleadsNobody() throws Exception {
    try (EnteredProgram target = EnteredProgram.threads(1, 1, 0, 1)) {
      String before = target.appearance();
      for (int seed = 0; seed < 20; seed++) {
        Random random = new Random(seed);
        byte[] lies = new byte[RegionLayout.FREE_OFFSET];
        random.nextBytes(lies);
        Injector injector = Injector.enter(target.pid());
        CodeRegion region = injector.codeSpace().first();
        MemorySegment data = region.data();
        long magic = data.get(ValueLayout.JAVA_LONG, RegionLayout.MAGIC_OFFSET);
        data.asSlice(0, lies.length).copyFrom(MemorySegment.ofArray(lies));
        data.set(ValueLayout.JAVA_LONG, RegionLayout.MAGIC_OFFSET, magic);
        // the most harmful lies: its own output as a socket, its own code as a map
        data.set(ValueLayout.JAVA_INT, RegionLayout.SOCKETS_OFFSET, 1);
        data.set(ValueLayout.JAVA_INT, RegionLayout.SOCKETS_OFFSET + 4, 2);
        data.set(ValueLayout.JAVA_LONG, RegionLayout.PASSED_OFFSET, CodeSpace.home(target.pid()));
        data.set(ValueLayout.JAVA_LONG, RegionLayout.PASSED_OFFSET + 8, 4096);
        data.set(ValueLayout.JAVA_LONG, RegionLayout.SIGNALS_OFFSET, -1);
        injector.close();
      }
      assertThat(target.appearance()).isEqualTo(before);
      target.requireWell();
    }
  }
}
