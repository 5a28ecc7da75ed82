package dev.whatif.ebpf.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfBuilder;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.CoreRelocationKind;
import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged records and types made to be endless: an error in words, and soon. */
class HostileRelocationTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final byte[] CODE = new byte[4 * Slot.BYTES];

  static {
    for (int i = 0; i < 4; i++) {
      new Slot(0xb7, 1, 0, (short) 0, 0).put(CODE, i);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "0:99999",
        "0:-1",
        "-1:0",
        "0::1",
        "0:1:",
        ":0",
        "a",
        "0x1",
        "+0",
        " 0",
        "0:0:0",
        "2147483647:0",
        "4294967295",
        "99999999999999999999",
        "0\0:1"
      })
  void accessStringsThatLeadNowhereAreNamed(String access) {
    Btf types = oneStruct();
    CoreRelocator relocator = new CoreRelocator(types, types);
    int struct = types.find(BtfKind.STRUCT, "s").orElseThrow();

    assertThatThrownBy(() -> relocator.relocate("p", CODE, List.of(field(struct, access))))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("test: type " + struct)
        .hasMessageContaining("is accessed by '" + access + "', but ");
  }

  @Test
  void anAccessStringOfManyIndicesIsRefused() {
    Btf types = oneStruct();
    String access = "0" + ":0".repeat(100_000);
    assertThatThrownBy(
            () -> new CoreRelocator(types, types).relocate("p", CODE, List.of(field(2, access))))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("longer than 64 indices");
  }

  @ParameterizedTest
  @ValueSource(ints = {-8, -1, 4, 31, 32, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void instructionsOutsideOfTheProgramAreRefused(int offset) {
    Btf types = oneStruct();
    assertThatThrownBy(() ->
            new CoreRelocator(types, types)
                .relocate("p", CODE, List.of(field(2, "0:0").at(offset))))
        .isInstanceOf(BadDataException.class)
        .hasMessage("test: program p has a relocation at byte " + offset + " of 32");
  }

  @ParameterizedTest
  @EnumSource
  void loopsInTypesEnd(CoreRelocationKind kind) {
    BtfBuilder b = new BtfBuilder();
    b.add(new BtfType.Typedef(1, "t", 2));
    b.add(new BtfType.Typedef(2, "t", 1));
    b.add(new BtfType.Array(3, 3, 3, 1));
    b.add(new BtfType.Struct(4, "s", false, 8, false, anonymous(4, 4)));
    b.add(new BtfType.Pointer(5, 5));
    b.add(new BtfType.Typedef(6, "p", 5));
    b.add(new BtfType.Typedef(7, "a", 3));
    b.add(new BtfType.FuncProto(8, 9, List.of(new BtfType.Parameter("", 9))));
    b.add(new BtfType.Pointer(9, 8));
    b.add(new BtfType.Typedef(10, "f", 9));
    Btf types = b.build("test");
    for (int type = 0; type < types.size(); type++) {
      for (String access : List.of("0", "0:0", "0:0:0:0", "1:1:1")) {
        CoreRelocation relocation = new CoreRelocation(0, type, access, kind);
        try {
          relocate(types, types, relocation);
        } catch (WhatifException e) {
          assertThat(e).hasMessageContaining("test");
        }
      }
    }
  }

  /** Anonymous structs that hold the next one twice: 2^60 ways to search for a field. */
  @Test
  void searchingAFieldThatHasManyPlacesEnds() {
    BtfBuilder b = new BtfBuilder();
    b.add(new BtfType.Int(1, "int", 4, 0, 0, 32));
    for (int id = 2; id < 62; id++) {
      boolean root = id == 2;
      List<BtfType.Member> twice = anonymous(id + 1, id + 1);
      b.add(new BtfType.Struct(id, root ? "s" : "", !root, 4, false, twice));
    }
    b.add(new BtfType.Struct(62, "", false, 0, false, List.of()));
    CoreRelocation relocation = field(2, "0:0");

    assertThatThrownBy(() -> relocate(oneStruct(), b.build("deep"), relocation))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("struct s.first: comparing types takes more than");
  }

  /** Functions whose two parameters are functions of the next kind. */
  @ParameterizedTest
  @EnumSource(
      value = CoreRelocationKind.class,
      names = {"TYPE_EXISTS", "TYPE_MATCHES"})
  void comparingFunctionsOfFunctionsEnds(CoreRelocationKind kind) {
    BtfBuilder b = new BtfBuilder();
    b.add(new BtfType.Typedef(1, "f", 2));
    for (int id = 2; id < 40; id++) {
      BtfType.Parameter next = new BtfType.Parameter("", id + 1);
      b.add(new BtfType.FuncProto(id, 0, List.of(next, next, next)));
    }
    b.add(new BtfType.FuncProto(40, 0, List.of()));
    Btf types = b.build("test");

    assertThatThrownBy(() -> relocate(types, types, new CoreRelocation(0, 1, "0", kind)))
        .isInstanceOf(WhatifException.class)
        .hasMessageMatching(".*(comparing types takes more|cannot be compared: they are nested).*");
  }

  @Test
  void hugeOffsetsAndSizesAreRefused() {
    BtfBuilder b = new BtfBuilder();
    b.add(new BtfType.Int(1, "int", 4, 0, 0, 32));
    b.add(new BtfType.Array(2, 1, 1, Integer.MAX_VALUE / 4));
    BtfType.Member first = new BtfType.Member("first", 1, -32, 0);
    b.add(new BtfType.Struct(3, "s", false, -1, false, List.of(first)));
    b.add(new BtfType.Struct(4, "far", false, -1, false, List.of(first)));
    Btf target = b.build("huge");

    assertThatThrownBy(() -> relocate(oneStruct(), target, field(2, "0:0")))
        .isInstanceOf(WhatifException.class);
    assertThatThrownBy(() -> relocate(target, oneStruct(), field(2, "2147483647:0")))
        .isInstanceOf(WhatifException.class);
  }

  @Test
  @Requires({Requirement.CLANG_14, Requirement.CLANG_19})
  void damagedRecordsAndTypesNeverSurprise() {
    BpfObject object = BpfObject.open(Clang.CLANG_19.object("kinds"));
    Btf local = object.btf().orElseThrow();
    byte[] target = local(Clang.CLANG_14, "types_b").raw();
    Random random = new Random(3);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      ProgramDefinition program = object.programs().get(random.nextInt(object.programs().size()));
      List<CoreRelocation> relocations = new ArrayList<>(program.relocations());
      for (int i = 0; i < 3; i++) {
        relocations.set(random.nextInt(relocations.size()), damaged(random, relocations));
      }
      byte[] bytes = target.clone();
      for (int i = random.nextInt(8); i > 0; i--) {
        bytes[24 + random.nextInt(bytes.length - 24)] = (byte) random.nextInt();
      }
      byte[] code = program.code().clone();
      code[random.nextInt(code.length)] = (byte) random.nextInt();
      try {
        new CoreRelocator(local, Btf.parse("damaged", bytes))
            .relocate(program.name(), code, relocations);
      } catch (WhatifException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1000, 2999);
  }

  private static CoreRelocation damaged(Random random, List<CoreRelocation> others) {
    CoreRelocation r = others.get(random.nextInt(others.size()));
    CoreRelocationKind[] kinds = CoreRelocationKind.values();
    return switch (random.nextInt(4)) {
      case 0 ->
          new CoreRelocation(r.instructionOffset(), random.nextInt(90) - 5, r.access(), r.kind());
      case 1 ->
          new CoreRelocation(
              r.instructionOffset(), r.typeId(), r.access(), kinds[random.nextInt(kinds.length)]);
      case 2 -> r.at(random.nextInt(200) * 8);
      default -> {
        StringBuilder access = new StringBuilder("0");
        for (int i = random.nextInt(5); i > 0; i--) {
          access.append(':').append(random.nextInt(30));
        }
        yield new CoreRelocation(r.instructionOffset(), r.typeId(), access.toString(), r.kind());
      }
    };
  }

  private static Btf local(Clang compiler, String name) {
    return BpfObject.open(compiler.object(name)).btf().orElseThrow();
  }

  /** Relocates in bounded time. */
  private static void relocate(Btf local, Btf target, CoreRelocation relocation) {
    assertTimeoutPreemptively(
        SOON, () -> new CoreRelocator(local, target).relocate("p", CODE, List.of(relocation)));
  }

  private static CoreRelocation field(int type, String access) {
    return new CoreRelocation(0, type, access, CoreRelocationKind.FIELD_BYTE_OFFSET);
  }

  private static List<BtfType.Member> anonymous(int... types) {
    return IntStream.of(types).mapToObj(t -> new BtfType.Member("", t, 0, 0)).toList();
  }

  /** {@code struct s { int first; };} as type 2. */
  private static Btf oneStruct() {
    BtfBuilder b = new BtfBuilder();
    b.add(new BtfType.Int(1, "int", 4, 0, 0, 32));
    BtfType.Member first = new BtfType.Member("first", 1, 0, 0);
    b.add(new BtfType.Struct(2, "s", false, 4, false, List.of(first)));
    return b.build("test");
  }
}
