package dev.whatif.ebpf.btf;

import dev.whatif.core.failure.BadDataException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Finds where each type of a blob begins, and that each lies within it. */
final class BtfScan {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int TYPE_BYTES = 12;

  private BtfScan() {}

  /**
   * Scans them.
   *
   * @param strings bytes of all strings that names may be among, the base's included
   */
  static int[] offsets(String origin, byte[] raw, BtfSections sections, int strings) {
    int[] found = new int[Math.max(16, (sections.typesEnd() - sections.types()) / 32)];
    int count = 0;
    int at = sections.types();
    int end = sections.typesEnd();
    while (at < end) {
      if (end - at < TYPE_BYTES) {
        throw damaged(origin, at, "a type of " + (end - at) + " bytes");
      }
      int info = (int) WORD.get(raw, at + 4);
      int kind = info >>> 24 & 0x1f;
      if (kind == 0 || kind >= BtfKind.COUNT) {
        throw damaged(origin, at, "a type of the unknown kind " + kind);
      }
      int name = (int) WORD.get(raw, at);
      if (Integer.compareUnsigned(name, strings) >= 0 && name != 0) {
        throw damaged(
            origin, at, "a name at 0x%x of 0x%x bytes of strings".formatted(name, strings));
      }
      long bytes = TYPE_BYTES + (long) BtfKind.tailBytes(kind, info & 0xffff);
      if (bytes > end - at) {
        throw damaged(
            origin, at, "a type of " + bytes + " bytes where " + (end - at) + " are left");
      }
      if (count == found.length) {
        found = Arrays.copyOf(found, count * 2);
      }
      found[count++] = at;
      at += (int) bytes;
    }
    return Arrays.copyOf(found, count);
  }

  private static BadDataException damaged(String origin, int at, String what) {
    return new BadDataException(origin + ": " + what + " at offset 0x" + Integer.toHexString(at));
  }
}
