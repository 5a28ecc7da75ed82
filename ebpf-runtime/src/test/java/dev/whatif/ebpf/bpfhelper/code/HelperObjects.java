package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.ebpf.interpreter.Execution;
import dev.whatif.ebpf.interpreter.Interpreter;
import dev.whatif.ebpf.interpreter.MemoryRange;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.jit.RunnableCode;
import dev.whatif.ebpf.map.BpfMap;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.ebpf.runtime.CallerIdentity;
import dev.whatif.ebpf.runtime.HelperLibrary;
import dev.whatif.ebpf.runtime.UserSpaceObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The programs of {@code helpers.c}, in this process. */
final class HelperObjects {

  static final int RESULTS = 64;
  private static final int CONTEXT = 96;

  private HelperObjects() {}

  static BpfObject object() {
    return BpfObject.open(BpfSource.compiled("clang", "helpers"));
  }

  static UserSpaceObject load(String program) {
    return UserSpaceObject.load(object(), program);
  }

  static RunnableCode compiled(UserSpaceObject loaded, PlacedHelpers helpers) {
    return RunnableCode.of(Jit.compile(loaded.program()), helpers.literals(loaded.maps()));
  }

  static long run(RunnableCode code, Invocation invocation) {
    try (Arena arena = Arena.ofConfined()) {
      return code.run(arena.allocate(CONTEXT, 8), CONTEXT, invocation.block());
    }
  }

  static long interpret(
      UserSpaceObject loaded, int slot, CallerIdentity identity, Consumer<String> trace) {
    HelperLibrary library =
        new HelperLibrary(loaded.program().program().maps(), loaded.maps(), slot, identity, trace);
    try (Execution execution = Interpreter.of(loaded.program(), library).execution();
        Arena arena = Arena.ofConfined()) {
      MemorySegment context = arena.allocate(CONTEXT, 8);
      return execution.run(context.address(), CONTEXT, List.of(MemoryRange.of(context)));
    }
  }

  static <M extends BpfMap> M map(UserSpaceObject loaded, String name, Class<M> kind) {
    return loaded.maps().stream()
        .filter(m -> m.name().equals(name))
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  static List<Long> results(UserSpaceObject loaded) {
    BpfMap results = map(loaded, "results", BpfMap.class);
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < RESULTS; i++) {
      byte[] key = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(i).array();
      values.add(number(results.lookup(key).orElseThrow()));
    }
    return values;
  }

  static long number(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
