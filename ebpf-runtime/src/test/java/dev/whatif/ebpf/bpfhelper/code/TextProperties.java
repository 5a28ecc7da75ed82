package dev.whatif.ebpf.bpfhelper.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.runtime.Checksum;
import dev.whatif.ebpf.runtime.ParsedNumber;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import dev.whatif.testing.RequiresHook;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;

/** bpf_strtol, bpf_strtoul, bpf_strncmp, bpf_csum_diff: machine code, Java and the kernel agree. */
@Requires({Requirement.ROOT, Requirement.BPF})
@AddLifecycleHook(RequiresHook.class)
class TextProperties {

  private static final PlacedHelpers HELPERS = PlacedHelpers.place();
  private static final byte[] NONE = {};

  /** What numbers and their neighbourhood are made of. */
  private static final String[] PIECES = {
    " ",
    "\t",
    "\n",
    "\u000b",
    "\r",
    "\u00a0",
    "\u0085",
    "\u001c",
    "-",
    "-",
    "+",
    "0",
    "0",
    "0x",
    "0X",
    "1",
    "7",
    "8",
    "9",
    "a",
    "F",
    "g",
    "x",
    "42",
    "ffffffffffffffff",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775807",
    "9223372036854775808",
    "01777777777777777777777",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "\u0000"
  };

  private static final KernelHelper STRTOL =
      new KernelHelper(HelperFunction.STRTOL, TextProperties::parse);
  private static final KernelHelper STRTOUL =
      new KernelHelper(HelperFunction.STRTOUL, TextProperties::parse);
  private static final KernelHelper CSUM_DIFF =
      new KernelHelper(HelperFunction.CSUM_DIFF, TextProperties::difference);

  @AfterContainer
  static void close() {
    STRTOL.close();
    STRTOUL.close();
    CSUM_DIFF.close();
    HELPERS.close();
  }

  private static void parse(CodeBuilder b) {
    Label some = b.label("some");
    b.branch(Condition.NOT_EQUAL, Register.R7, 0, some);
    b.move(Register.R0, 0).exit().bind(some);
    KernelHelper.address(b, Register.R1, KernelHelper.A);
    b.move(Register.R2, Register.R7);
    KernelHelper.number(b, Register.R3);
    KernelHelper.output(b, Register.R4);
  }

  private static void difference(CodeBuilder b) {
    KernelHelper.address(b, Register.R1, KernelHelper.A);
    b.move(Register.R2, Register.R7);
    KernelHelper.address(b, Register.R3, KernelHelper.B);
    b.move(Register.R4, Register.R8);
    KernelHelper.number(b, Register.R5);
  }

  @Property(tries = 3_000)
  void numbers(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    long[] bases = {0, 0, 8, 10, 10, 16, 16, 2, 36, 32, 26, 1L << 32, -1};
    long flags = bases[random.nextInt(bases.length)];
    boolean signed = random.nextBoolean();
    HelperFunction helper = signed ? HelperFunction.STRTOL : HelperFunction.STRTOUL;
    KernelHelper.Answer kernel = (signed ? STRTOL : STRTOUL).call(bytes, NONE, bytes.length, flags);
    ParsedNumber java = ParsedNumber.of(bytes, flags, signed);
    assertThat(java.result()).as("'%s' %d", text, flags).isEqualTo((int) kernel.returned());
    assertThat(java.value()).as("'%s' %d", text, flags).isEqualTo(kernel.output());
    try (CalledHelper called = new CalledHelper(HELPERS, 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment output = arena.allocate(8, 8);
      output.set(ValueLayout.JAVA_LONG, 0, -1);
      long result =
          called.call(
              helper, Native.of(arena, bytes).address(), bytes.length, flags, output.address());
      assertThat(result).as("'%s' %d", text, flags).isEqualTo(kernel.returned());
      assertThat(output.get(ValueLayout.JAVA_LONG, 0))
          .as("'%s' %d", text, flags)
          .isEqualTo(kernel.output());
    }
  }

  @Property(tries = 3_000)
  void checksums(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] from = words(random);
    byte[] to = random.nextInt(5) == 0 ? from.clone() : words(random);
    int seedSum = random.nextInt(4) == 0 ? random.nextInt(3) - 1 : random.nextInt();
    long kernel = CSUM_DIFF.call(from, to, from.length, seedSum & 0xffff_ffffL).returned();
    assertThat((long) Checksum.difference(from, to, seedSum))
        .as("%s %s %d", Arrays.toString(from), Arrays.toString(to), seedSum)
        .isEqualTo(kernel);
    try (CalledHelper called = new CalledHelper(HELPERS, 0);
        Arena arena = Arena.ofConfined()) {
      assertThat(
              called.call(
                  HelperFunction.CSUM_DIFF,
                  Native.of(arena, from).address(),
                  from.length,
                  Native.of(arena, to).address(),
                  to.length,
                  seedSum))
          .isEqualTo(kernel);
    }
  }

  /** Sums that are zero in one way or the other. */
  @net.jqwik.api.Example
  void checksumsOfZero() {
    StringBuilder wrong = new StringBuilder();
    for (int seedSum : new int[] {-1, 0, 1}) {
      for (int a : new int[] {-1, 0, 1}) {
        for (int b : new int[] {-1, 0, 1}) {
          for (int i = 0; i < 64; i++) {
            byte[] from = new byte[i % 8 * 4];
            byte[] to = new byte[i / 8 * 4];
            Arrays.fill(from, (byte) a);
            Arrays.fill(to, (byte) b);
            long kernel = CSUM_DIFF.call(from, to, from.length, seedSum & 0xffff_ffffL).returned();
            long java = Checksum.difference(from, to, seedSum);
            if (kernel != java) {
              wrong.append(
                  "%d*%d %d*%d seed %d: kernel %x ours %x%n"
                      .formatted(from.length, a, to.length, b, seedSum, kernel, java));
            }
          }
        }
      }
    }
    assertThat(wrong.toString()).isEmpty();
  }

  private static byte[] words(Random random) {
    byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(100) : 4 * random.nextInt(33)];
    switch (random.nextInt(4)) {
      case 0 -> Arrays.fill(bytes, (byte) (random.nextInt(3) - 1));
      default -> random.nextBytes(bytes);
    }
    return bytes;
  }

  @Property(tries = 300)
  void comparisons(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] second = characters(random, 1 + random.nextInt(10));
    try (KernelMap constant = KernelHelper.constant(second);
        KernelHelper kernel =
            new KernelHelper(
                HelperFunction.STRNCMP,
                b -> {
                  parse(b);
                  b.loadMapValue(Register.R3, constant.fd(), 0);
                });
        CalledHelper called = new CalledHelper(HELPERS, 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment there = Native.of(arena, Arrays.copyOf(second, second.length + 1));
      for (int i = 0; i < 20; i++) {
        byte[] first = random.nextInt(3) == 0 ? second.clone() : characters(random, 12);
        int size = 1 + random.nextInt(Math.max(1, first.length));
        first = Arrays.copyOf(first, Math.max(size, first.length));
        assertThat(
                called.call(
                    HelperFunction.STRNCMP,
                    Native.of(arena, first).address(),
                    size,
                    there.address()))
            .isEqualTo(kernel.call(first, NONE, size, 0).returned());
      }
    }
  }

  private static byte[] characters(Random random, int length) {
    byte[] bytes = new byte[random.nextInt(length + 1)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = new byte[] {'a', 'a', 'a', 'b', (byte) 0xe4, 0}[random.nextInt(6)];
    }
    return bytes;
  }
}
