package dev.whatif.ebpf.map;

import dev.whatif.core.linux.ExecutableCode;
import dev.whatif.core.linux.Fcntl;
import dev.whatif.core.linux.Memfd;
import dev.whatif.core.linux.Mman;
import dev.whatif.core.linux.RawMemory;
import dev.whatif.core.linux.Unistd;
import dev.whatif.ebpf.map.code.MapCode;
import dev.whatif.ebpf.map.code.MapRoutine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The machine code of the map operations, called in this process: arguments, result and the
 * registers that must be kept go through memory. One thread at a time.
 */
final class CalledCode implements AutoCloseable {

  private static final MapCode CODE = MapCode.emit();

  /** What {@link #thunk} reads and writes. */
  private static final int ROUTINE = 0;

  private static final int ARGUMENTS = 8;
  private static final int INVOCATION = 48;
  private static final int RESULT = 56;

  /** What rbx, rbp, r13, r14 and r15 are before, and shall be after. */
  private static final int KEPT_BEFORE = 64;

  private static final int KEPT_AFTER = 104;
  private static final int BLOCK_BYTES = 256;
  private static final int INVOCATION_BYTES = 256;
  private static final int SLOT = 8;

  private final Arena arena = Arena.ofShared();
  private final long block = arena.allocate(BLOCK_BYTES, 8).address();
  private final long invocation = arena.allocate(INVOCATION_BYTES, 8).address();
  private final MemorySegment code;
  private final ExecutableCode thunk;

  CalledCode() {
    long bytes = (CODE.bytes().length + 4095) / 4096 * 4096;
    int fd = Memfd.create("whatif-code", Memfd.MFD_CLOEXEC | Memfd.MFD_EXEC);
    Fcntl.fallocate(fd, 0, bytes);
    MemorySegment writable =
        Mman.mmap(bytes, Mman.PROT_READ | Mman.PROT_WRITE, Mman.MAP_SHARED, fd, 0, arena);
    MemorySegment.copy(CODE.bytes(), 0, writable, ValueLayout.JAVA_BYTE, 0, CODE.bytes().length);
    code = Mman.mmap(bytes, Mman.PROT_READ | Mman.PROT_EXEC, Mman.MAP_SHARED, fd, 0, arena);
    Unistd.close(fd);
    thunk = ExecutableCode.of(thunk(block));
    RawMemory.putLong(block + INVOCATION, invocation);
    for (int i = 0; i < 5; i++) {
      RawMemory.putLong(block + KEPT_BEFORE + 8 * i, 0x1234_5678_9abc_0000L + i);
    }
  }

  /** push all; r10 = block; load all; call; store all; pop all. Written by hand once. */
  private static byte[] thunk(long block) {
    String hex =
        "53 55 41 54 41 55 41 56 41 57" // push rbx rbp r12 r13 r14 r15
            + "49 ba" // mov r10, block
            + HexFormat.of()
                .formatHex(
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(block).array())
            + "41 52" // push r10 (16-byte alignment of the stack)
            + "49 8b 7a 08 49 8b 72 10 49 8b 52 18 49 8b 4a 20 4d 8b 42 28" // rdi rsi rdx rcx r8
            + "4d 8b 62 30" // r12 = invocation
            + "49 8b 5a 40 49 8b 6a 48 4d 8b 6a 50 4d 8b 72 58 4d 8b 7a 60" // rbx rbp r13 r14 r15
            + "41 ff 12" // call [r10]
            + "41 5a" // pop r10
            + "49 89 42 38" // [r10 + 56] = rax
            + "49 89 5a 68 49 89 6a 70 4d 89 6a 78" // rbx rbp r13 after
            + "4d 89 b2 80 00 00 00 4d 89 ba 88 00 00 00" // r14 r15 after
            + "41 5f 41 5e 41 5d 41 5c 5d 5b c3";
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  long call(MapRoutine routine, int slot, long... arguments) {
    RawMemory.putLong(block + ROUTINE, code.address() + CODE.offset(routine));
    for (int i = 0; i < 5; i++) {
      // what is no argument is nonsense
      RawMemory.putLong(
          block + ARGUMENTS + 8 * i, i < arguments.length ? arguments[i] : 0xdead_beef_dead_beefL);
    }
    RawMemory.putInt(invocation + SLOT, slot);
    thunk.call();
    for (int i = 0; i < 5; i++) {
      if (RawMemory.getLong(block + KEPT_AFTER + 8 * i)
          != RawMemory.getLong(block + KEPT_BEFORE + 8 * i)) {
        throw new AssertionError(routine + " has changed a register that it must keep: " + i);
      }
    }
    return RawMemory.getLong(block + RESULT);
  }

  @Override
  public void close() {
    thunk.close();
    arena.close();
  }
}
