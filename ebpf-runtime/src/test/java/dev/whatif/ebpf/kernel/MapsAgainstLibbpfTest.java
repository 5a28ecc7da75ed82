package dev.whatif.ebpf.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.BpfSource;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs with maps, loaded by us and by Debian's libbpf and run on the same: the same is left.
 */
@Requires({
  Requirement.ROOT,
  Requirement.BPF,
  Requirement.GCC,
  Requirement.LIBBPF,
  Requirement.CLANG_14,
  Requirement.CLANG_19
})
class MapsAgainstLibbpfTest {

  @ParameterizedTest
  @ValueSource(strings = {"clang-14", "clang-19"})
  void mapsHoldTheSameAfterwards(String compiler) {
    Path file = BpfSource.compiled(compiler, "maps_run");
    String oracle = Programs.compiled("libbpf_maps.c", "-O1", "-Wall", "-lbpf").toString();
    List<String> theirs =
        Programs.run(oracle, file.toString())
            .lines()
            .map(MapsAgainstLibbpfTest::shortened)
            .toList();
    assertThat(ours(file)).containsExactlyInAnyOrderElementsOf(theirs).hasSizeGreaterThan(60);
  }

  /** libbpf puts the object's name in front of the names of data maps. */
  private static String shortened(String line) {
    return line.replace("map maps_run", "map ");
  }

  private static List<String> ours(Path file) {
    List<String> said = new ArrayList<>();
    try (LoadedObject loaded = KernelLoader.load(BpfObject.open(file), LoadOptions.DEFAULT)) {
      for (KernelProgram program : loaded.programs().values()) {
        boolean packet = program.type() != ProgramType.SYSCALL;
        byte[] input = new byte[packet ? 64 : 16];
        for (int i = 0; i < input.length; i++) {
          input[i] = (byte) i;
        }
        TestInput of = new TestInput();
        TestRun run = program.testRun(packet ? of.data(input, 0) : of.context(input));
        said.add(
            "run %s %d %s"
                .formatted(
                    program.name(), run.returned(), hex(packet ? run.data() : run.context())));
      }
      for (Map.Entry<String, KernelMap> map : loaded.maps().entrySet()) {
        dump(map.getKey(), map.getValue(), said);
      }
    }
    return said;
  }

  private static void dump(String name, KernelMap map, List<String> said) {
    switch (map.type()) {
      case ARRAY_OF_MAPS, PROG_ARRAY -> {}
      case QUEUE -> {
        for (Optional<byte[]> v = map.pop(); v.isPresent(); v = map.pop()) {
          said.add("map %s - %s".formatted(name, hex(v.get())));
        }
      }
      case RINGBUF -> {
        try (RingBuffer ring = RingBuffer.open(map)) {
          ring.read((memory, offset, length) ->
              said.add(
                  "map %s - %s"
                      .formatted(
                          name,
                          hex(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)))));
        }
      }
      default -> {
        for (MapEntries.Entry e : MapEntries.of(map)) {
          byte[] value = map.type().perCpu() ? sum(map.lookupPerCpu(e.key())) : e.value();
          said.add("map %s %s %s".formatted(name, hex(e.key()), hex(value)));
        }
      }
    }
  }

  private static byte[] sum(List<byte[]> values) {
    long sum = 0;
    for (byte[] value : values) {
      sum += ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(sum).array();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
