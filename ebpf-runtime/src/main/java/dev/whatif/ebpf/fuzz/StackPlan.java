package dev.whatif.ebpf.fuzz;

/**
 * What lies where in the frame of a generated program's first function.
 *
 * <pre>
 *    -32   numbers, always initialised
 *    -40   the key of a map
 *    -72   a buffer of 32 bytes
 *    -88   16 bytes that a format or a callback takes
 *    -96   the result of strtol
 *   -104   a pointer that was put away
 *   -112   the context
 *   -120   how often an inner loop still turns
 * </pre>
 */
final class StackPlan {

  static final int KEY = -40;
  static final int BUFFER_BYTES = 32;
  static final int BUFFER = KEY - BUFFER_BYTES;
  static final int ARGUMENTS = BUFFER - FuzzMaps.ELEMENT_BYTES;
  static final int RESULT = ARGUMENTS - Long.BYTES;
  static final int POINTER = RESULT - Long.BYTES;
  static final int CONTEXT = POINTER - Long.BYTES;
  static final int COUNTER = CONTEXT - Long.BYTES;

  private StackPlan() {}
}
