package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.Interpreter;
import dev.whatif.ebpf.jit.InvocationLayout;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.map.RingMap;
import dev.whatif.ebpf.map.RingReader;
import dev.whatif.ebpf.runtime.CallerIdentity;
import dev.whatif.ebpf.runtime.HelperLibrary;
import dev.whatif.ebpf.runtime.ProgramInput;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Generated programs run in this process, each on maps as if they were new. */
final class ProcessRuns implements AutoCloseable {

  private static final int SLOT = 0;

  private final List<BpfMap> maps = new ArrayList<>();
  private final HelperLibrary helpers;
  private final RingReader ring;

  /** Makes the maps. */
  ProcessRuns() {
    FuzzMaps.ALL.forEach(d -> maps.add(BpfMap.create(d)));
    helpers =
        new HelperLibrary(FuzzMaps.ALL, maps, SLOT, CallerIdentity.ofThisThread(), text -> {});
    ring = RingReader.of((RingMap) maps.get(FuzzMaps.RING), slot -> true);
  }

  /**
   * Interprets it once.
   *
   * @throws dev.whatif.ebpf.interpreter.MemoryFault when it does what verified programs do not
   */
  Outcome interpret(VerifiedProgram program, byte[] packet) {
    reset();
    try (Arena arena = Arena.ofConfined();
        Execution execution = Interpreter.of(program, helpers).execution()) {
      ProgramInput input = ProgramInput.of(program.program(), packet, arena);
      long returned = execution.run(input.context().address(), input.length(), input.ranges());
      return outcome(returned, input);
    }
  }

  /** Compiles it and runs that once. */
  Outcome compiled(VerifiedProgram program, byte[] packet) {
    reset();
    try (Arena arena = Arena.ofConfined();
        RunnableCode code = RunnableCode.of(Jit.compile(program), new Addresses(maps)::of)) {
      ProgramInput input = ProgramInput.of(program.program(), packet, arena);
      var invocation = arena.allocate(InvocationLayout.BYTES, 16);
      return outcome(code.run(input.context(), input.length(), invocation), input);
    }
  }

  private Outcome outcome(long returned, ProgramInput input) {
    return new Outcome(returned, input.memory().toArray(ValueLayout.JAVA_BYTE), contents());
  }

  private void reset() {
    for (int index = 0; index < FuzzMaps.RING; index++) {
      BpfMap map = maps.get(index);
      if (map.shape().kind().hashed()) {
        map.entries().forEach(e -> map.delete(e.key()));
        for (byte[] key : FuzzMaps.firstKeys()) {
          map.update(
              key,
              index == FuzzMaps.HASH
                  ? FuzzMaps.firstElement(key)
                  : new byte[map.shape().slots() * FuzzMaps.ELEMENT_BYTES]);
        }
      } else {
        map.entries().forEach(e -> map.update(e.key(), new byte[e.value().length]));
      }
    }
    ring.read((memory, offset, length) -> {});
  }

  private List<byte[]> contents() {
    List<byte[]> all = new ArrayList<>();
    all.add(maps.get(FuzzMaps.VALUE).entries().getFirst().value());
    for (int index = FuzzMaps.HASH; index <= FuzzMaps.PERCPU_ARRAY; index++) {
      BpfMap map = maps.get(index);
      all.add(
          Outcome.sorted(
              map.entries().stream()
                  .map(e ->
                      Outcome.joined(e.key(), Outcome.merged(e.value(), map.shape().valueSize())))
                  .toList()));
    }
    ring.read((memory, offset, length) ->
        all.add(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)));
    return all;
  }

  /** Whether compiled code of a program finds all that it calls. */
  static boolean canCompile(VerifiedProgram program) {
    return Arrays.stream(Addresses.helpers(program.code())).allMatch(Addresses::hasRoutine);
  }

  @Override
  public void close() {
    maps.forEach(BpfMap::close);
  }
}
