package dev.whatif.ebpf.interpreter;

/**
 * Division as RFC 9669 section 4.1 defines it: by zero it gives 0, and a remainder by zero is the
 * dividend; the smallest number divided by -1 is itself, as in Java.
 */
final class Division {

  private Division() {}

  static long unsigned(long a, long b) {
    return b == 0 ? 0 : Long.divideUnsigned(a, b);
  }

  static long signed(long a, long b) {
    return b == 0 ? 0 : a / b;
  }

  static long remainder(long a, long b) {
    return b == 0 ? a : Long.remainderUnsigned(a, b);
  }

  static long signedRemainder(long a, long b) {
    return b == 0 ? a : a % b;
  }

  static long unsigned(int a, int b) {
    return b == 0 ? 0 : Integer.toUnsignedLong(Integer.divideUnsigned(a, b));
  }

  static long signed(int a, int b) {
    return b == 0 ? 0 : Integer.toUnsignedLong(a / b);
  }

  static long remainder(int a, int b) {
    return Integer.toUnsignedLong(b == 0 ? a : Integer.remainderUnsigned(a, b));
  }

  static long signedRemainder(int a, int b) {
    return Integer.toUnsignedLong(b == 0 ? a : a % b);
  }
}
