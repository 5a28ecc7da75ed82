package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.linux.Bpf;
import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.CodeBuilder;
import dev.whatif.ebpf.isa.Condition;
import dev.whatif.ebpf.isa.Label;
import dev.whatif.ebpf.isa.MemorySize;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.kernel.KernelMap;
import dev.whatif.ebpf.kernel.KernelProgram;
import dev.whatif.ebpf.kernel.MapSpec;
import dev.whatif.ebpf.kernel.MapType;
import dev.whatif.ebpf.kernel.ProgramSpec;
import dev.whatif.ebpf.kernel.TestInput;
import dev.whatif.ebpf.object.ProgramType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One helper of the kernel, called by a program whose arguments come from a map.
 *
 * <pre>
 *   0   u32 size of A    4   u32 size of B    8  u64 number    16  u64 output
 *   24  u64 returned     32  A, 512 bytes     544  B, 512 bytes
 * </pre>
 */
final class KernelHelper implements AutoCloseable {

  static final int A = 32;
  static final int MOST = 512;
  static final int B = A + MOST;
  private static final int BYTES = B + MOST;
  private static final int SIZE_A = 0;
  private static final int SIZE_B = 4;
  private static final int NUMBER = 8;
  private static final int OUTPUT = 16;
  private static final int RETURNED = 24;
  private static final byte[] KEY = new byte[4];
  private static final byte[] PACKET = new byte[64];

  /** What was left behind. */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(long returned, long output, byte[] a) {}

  private final KernelMap map = array("inputs", BYTES, 0);
  private final KernelProgram program;

  /** Registers are set by the body, of which r6 is the map's value; r7, r8 the sizes of A and B. */
  KernelHelper(HelperFunction helper, Consumer<CodeBuilder> body) {
    Code code =
        Code.build(b -> {
          Label out = b.label("out");
          b.loadMapValue(Register.R6, map.fd(), 0);
          b.load(MemorySize.WORD, Register.R7, Register.R6, SIZE_A);
          b.branch(Condition.GREATER, Register.R7, MOST, out);
          b.load(MemorySize.WORD, Register.R8, Register.R6, SIZE_B);
          b.branch(Condition.GREATER, Register.R8, MOST, out);
          body.accept(b);
          b.callHelper(helper.id());
          b.store(MemorySize.DOUBLE, Register.R6, RETURNED, Register.R0);
          b.bind(out).move(Register.R0, 2).exit();
        });
    program = KernelProgram.load(new ProgramSpec("helper", ProgramType.XDP, code.bytes()));
  }

  static KernelMap array(String name, int bytes, int flags) {
    return KernelMap.create(new MapSpec(name, MapType.ARRAY, 4, bytes, 1).flags(flags));
  }

  /** A map that holds a text that the verifier may read, ended by 0. */
  static KernelMap constant(byte[] text) {
    KernelMap constant = array("text", text.length + 1, Bpf.BPF_F_RDONLY_PROG);
    constant.update(KEY, Arrays.copyOf(text, text.length + 1));
    constant.freeze();
    return constant;
  }

  /** {@code to} = address of A, B or the output. */
  static void address(CodeBuilder b, Register to, int offset) {
    b.move(to, Register.R6).alu(dev.whatif.ebpf.isa.AluOperator.ADD, to, offset);
  }

  static void output(CodeBuilder b, Register to) {
    address(b, to, OUTPUT);
  }

  static void number(CodeBuilder b, Register to) {
    b.load(MemorySize.DOUBLE, to, Register.R6, NUMBER);
  }

  Answer call(byte[] a, byte[] b, int sizeA, long number) {
    ByteBuffer value = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    value.putInt(SIZE_A, sizeA).putInt(SIZE_B, b.length).putLong(NUMBER, number);
    value.putLong(OUTPUT, -1).putLong(RETURNED, Long.MIN_VALUE);
    value.put(A, a).put(B, b);
    map.update(KEY, value.array());
    program.testRun(new TestInput().data(PACKET, 0));
    ByteBuffer after =
        ByteBuffer.wrap(map.lookup(KEY).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] left = new byte[MOST];
    after.get(A, left);
    return new Answer(after.getLong(RETURNED), after.getLong(OUTPUT), left);
  }

  @Override
  public void close() {
    program.close();
    map.close();
  }
}
