package dev.whatif.ebpf.bpfhelper.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.runtime.FormattedText;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import dev.whatif.testing.RequiresHook;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;

/** bpf_snprintf: machine code, Java and the kernel print the same. */
@Requires({Requirement.ROOT, Requirement.BPF})
@AddLifecycleHook(RequiresHook.class)
class SnprintfProperties {

  private static final PlacedHelpers HELPERS = PlacedHelpers.place();
  private static final byte FILL = 0x55;

  private static final String[] FLAGS = {"", "", "", "0", "-", "+", " ", "0-", "-0", "+0", "00 "};
  private static final String[] WIDTHS = {"", "", "1", "2", "5", "11", "20", "40"};
  private static final String[] KINDS = {
    "d", "i", "u", "x", "X", "ld", "li", "lu", "lx", "lX", "lld", "llu", "llx", "c", "px", "s", "s",
    "pks", "pus"
  };
  private static final String[] PLAIN = {"", "a", " ", "text", "%%", "\n", "~", ",", "7"};
  private static final String[] BAD = {
    "%", "%q", "%#x", "%.3d", "%hd", "%sx", "%5%", "\u00e4", "\u0001", "\u007f", "%lc", "%pz",
    "%pk", "%llld", "%*d", "%-"
  };

  /** All that is known about one call. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Call(byte[] format, long[] arguments, int room) {}

  private final Arena arena = Arena.ofAuto();

  @AfterContainer
  static void close() {
    HELPERS.close();
  }

  private Call randomCall(Random random) {
    StringBuilder format = new StringBuilder();
    int conversions = 0;
    for (int i = random.nextInt(5); i >= 0; i--) {
      format.append(pick(random, PLAIN));
      if (random.nextInt(4) != 0) {
        format.append('%').append(pick(random, FLAGS)).append(pick(random, WIDTHS));
        String kind = pick(random, KINDS);
        format.append(kind);
        conversions++;
        if (kind.endsWith("s") && random.nextInt(10) != 0) {
          format.append(' ');
        }
      }
    }
    if (random.nextInt(8) == 0) {
      format.insert(random.nextInt(format.length() + 1), pick(random, BAD));
    }
    int count = random.nextInt(10) == 0 ? random.nextInt(13) : Math.min(12, conversions);
    long[] arguments = new long[count];
    for (int i = 0; i < count; i++) {
      arguments[i] = argument(random, format.toString().contains("s"));
    }
    int room = random.nextInt(3) == 0 ? 1 + random.nextInt(30) : KernelHelper.MOST;
    return new Call(format.toString().getBytes(StandardCharsets.ISO_8859_1), arguments, room);
  }

  private static String pick(Random random, String[] from) {
    return from[random.nextInt(from.length)];
  }

  /** A number, the address of a text, or one where nothing is. */
  private long argument(Random random, boolean texts) {
    if (texts && random.nextInt(3) != 0) {
      if (random.nextInt(10) == 0) {
        return random.nextInt(100);
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(700) : random.nextInt(12);
      byte[] text = new byte[length + 1];
      for (int i = 0; i < length; i++) {
        text[i] = (byte) (random.nextInt(20) == 0 ? 1 + random.nextInt(255) : 'a' + i % 26);
      }
      return Native.of(arena, text).address();
    }
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(100) - 50;
      case 1 -> random.nextInt();
      case 2 -> random.nextBoolean() ? Long.MIN_VALUE : Integer.MIN_VALUE;
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  @Property(tries = 1_500)
  void theSameText(@ForAll long seed) {
    check(randomCall(new Random(seed)));
  }

  @Example
  void arguments512BytesAtMost() {
    byte[] text = new byte[301];
    Arrays.fill(text, 0, 300, (byte) 'x');
    long address = Native.of(arena, text).address();
    for (String format : new String[] {"%s %s %s", "%s %s%c", "%s %s %ld", "%s%d%s%lx"}) {
      check(
          new Call(
              format.getBytes(StandardCharsets.US_ASCII),
              new long[] {address, address, address, address},
              KernelHelper.MOST));
    }
  }

  /** Every character in plain text, and behind conversions whose end it must be. */
  @Example
  void everyCharacter() {
    long text = Native.of(arena, new byte[] {'t', 0}).address();
    for (int c = 1; c < 256; c++) {
      for (String format : new String[] {"a%cb", "%%ld%c", "%%s%c", "%%pxa%cb%%d", "%%%c"}) {
        String with = format.replace("%c", String.valueOf((char) c)).replace("%%", "%");
        if (!with.matches("(?s)%p.*|%%.*") || format.startsWith("%%px")) {
          check(
              new Call(
                  with.getBytes(StandardCharsets.ISO_8859_1),
                  format.startsWith("%%s") ? new long[] {text} : new long[] {65, 66},
                  KernelHelper.MOST));
        }
      }
    }
  }

  private void check(Call call) {
    String what =
        "'%s' %s %d"
            .formatted(
                new String(call.format, StandardCharsets.ISO_8859_1),
                Arrays.toString(call.arguments),
                call.room);
    byte[] buffer = new byte[KernelHelper.MOST];
    long returned = machine(call, buffer);
    FormattedText java = FormattedText.of(call.format, call.arguments);
    assertThat(java.error() != 0 ? java.error() : java.text().length + 1)
        .as(what)
        .isEqualTo((int) returned);
    byte[] expected = new byte[KernelHelper.MOST];
    Arrays.fill(expected, FILL);
    if (java.error() == 0) {
      int length = Math.min(java.text().length, call.room - 1);
      System.arraycopy(java.text(), 0, expected, 0, length);
      expected[length] = 0;
    }
    assertThat(buffer).as(what).isEqualTo(expected);
    if (what.matches("(?s).*%[-+ 0-9]*p[ku]s.*")) {
      return; // in the kernel, our texts are no memory of its own; and it loses what has no room
    }
    Optional<KernelHelper.Answer> kernel = kernel(call);
    if (kernel.isEmpty()) {
      assertThat(returned).as(what).isEqualTo(-Errno.EINVAL.value());
    } else {
      assertThat(returned).as(what).isEqualTo(kernel.get().returned());
      assertThat(buffer).as(what).isEqualTo(kernel.get().a());
    }
  }

  private long machine(Call call, byte[] buffer) {
    try (CalledHelper called = new CalledHelper(HELPERS, 0)) {
      MemorySegment room = arena.allocate(KernelHelper.MOST);
      room.fill(FILL);
      ByteBuffer data = data(call);
      MemorySegment format = Native.of(arena, Arrays.copyOf(call.format, call.format.length + 1));
      long returned =
          called.call(
              HelperFunction.SNPRINTF,
              room.address(),
              call.room,
              format.address(),
              data.capacity() == 0 ? 0 : Native.of(arena, data.array()).address(),
              data.capacity());
      MemorySegment.copy(room, ValueLayout.JAVA_BYTE, 0, buffer, 0, buffer.length);
      return returned;
    }
  }

  private static ByteBuffer data(Call call) {
    ByteBuffer data = ByteBuffer.allocate(8 * call.arguments.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long argument : call.arguments) {
      data.putLong(argument);
    }
    return data;
  }

  /** Empty when the kernel's verifier finds the format bad. */
  private static Optional<KernelHelper.Answer> kernel(Call call) {
    byte[] buffer = new byte[KernelHelper.MOST];
    Arrays.fill(buffer, FILL);
    try (KernelMap format = KernelHelper.constant(call.format);
        KernelHelper kernel =
            new KernelHelper(HelperFunction.SNPRINTF, b -> snprintf(b, format, call))) {
      return Optional.of(kernel.call(buffer, data(call).array(), call.room, 0));
    } catch (BadDataException e) {
      return Optional.empty();
    }
  }

  private static void snprintf(CodeBuilder b, KernelMap format, Call call) {
    KernelHelper.address(b, Register.R1, KernelHelper.A);
    b.move(Register.R2, Register.R7);
    b.loadMapValue(Register.R3, format.fd(), 0);
    KernelHelper.address(b, Register.R4, KernelHelper.B);
    b.move(Register.R5, 8 * call.arguments.length);
  }
}
