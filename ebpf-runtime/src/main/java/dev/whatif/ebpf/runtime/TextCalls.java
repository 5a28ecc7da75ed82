package dev.whatif.ebpf.runtime;

import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.interpreter.Execution;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Helpers about text. For one thread. */
final class TextCalls {

  private static final int LONGEST_FORMAT = 1 << 12;

  /** MAX_BPRINTF_VARARGS of include/linux/bpf.h, in bytes. */
  private static final int MOST_ARGUMENTS = 12 * Long.BYTES;

  private final Consumer<String> trace;

  TextCalls(Consumer<String> trace) {
    this.trace = trace;
  }

  /** bpf_strncmp: as C's strncmp, of a text that need not end and one that does. */
  long compare(Execution e) {
    long size = e.argument(2) & 0xffff_ffffL;
    MemorySegment one = e.read(e.argument(1), size);
    for (long i = 0; i < size; i++) {
      int a = one.get(ValueLayout.JAVA_BYTE, i) & 0xff;
      int b = e.read(e.argument(3) + i, 1).get(ValueLayout.JAVA_BYTE, 0) & 0xff;
      if (a != b) {
        return a < b ? -1 : 1;
      }
      if (a == 0) {
        break;
      }
    }
    return 0;
  }

  /** bpf_strtol and bpf_strtoul: the number of characters, or an errno; writes 0 when it fails. */
  long parse(Execution e, boolean signed) {
    byte[] text = e.read(e.argument(1), e.argument(2)).toArray(ValueLayout.JAVA_BYTE);
    ParsedNumber number = ParsedNumber.of(text, e.argument(3), signed);
    e.write(e.argument(4), Long.BYTES).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number.value());
    return number.result();
  }

  /** bpf_snprintf: the length that the whole text would have, with the byte that ends it. */
  long print(Execution e) {
    long size = e.argument(2) & 0xffff_ffffL;
    long dataBytes = e.argument(5) & 0xffff_ffffL;
    if (dataBytes % Long.BYTES != 0
        || dataBytes > MOST_ARGUMENTS
        || dataBytes > 0 && e.argument(4) == 0) {
      return -Errno.EINVAL.value();
    }
    MemorySegment data = e.read(e.argument(4), dataBytes);
    long[] arguments = data.toArray(ValueLayout.JAVA_LONG_UNALIGNED);
    FormattedText printed = FormattedText.of(string(e, e.argument(3), LONGEST_FORMAT), arguments);
    if (printed.error() != 0) {
      return printed.error();
    }
    byte[] text = printed.text();
    if (size > 0) {
      int length = (int) Math.min(text.length, size - 1);
      MemorySegment into = e.write(e.argument(1), size);
      MemorySegment.copy(text, 0, into, ValueLayout.JAVA_BYTE, 0, length);
      into.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    }
    return text.length + 1L;
  }

  /** bpf_trace_printk: a line for whoever runs the program. */
  long trace(Execution e) {
    long size = e.argument(2) & 0xffff_ffffL;
    byte[] format = e.read(e.argument(1), size).toArray(ValueLayout.JAVA_BYTE);
    if (indexOfZero(format) == format.length) {
      return -Errno.EINVAL.value();
    }
    long[] arguments = {e.argument(3), e.argument(4), e.argument(5)};
    FormattedText printed = FormattedText.of(format, arguments);
    if (printed.error() != 0) {
      return printed.error();
    }
    trace.accept(new String(printed.text(), StandardCharsets.ISO_8859_1));
    return printed.text().length;
  }

  private static int indexOfZero(byte[] text) {
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return end;
  }

  private static byte[] string(Execution e, long address, int longest) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (text.size() < longest) {
      byte next = e.read(address + text.size(), 1).get(ValueLayout.JAVA_BYTE, 0);
      if (next == 0) {
        return text.toByteArray();
      }
      text.write(next);
    }
    throw e.fault("prints by a format that does not end");
  }
}
