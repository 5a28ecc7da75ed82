package dev.whatif.core.report;

/**
 * One level of a sampled stack.
 *
 * @param function its name
 * @param object the file it lies in
 * @param file source file, "" when unknown
 * @param line in that file, 0 or less when unknown
 * @param kernel whether it is kernel code
 */
public record ProfileFrame(String function, String object, String file, int line, boolean kernel) {

  /** Whether the source line is known. */
  public boolean hasLine() {
    return line > 0 && !file.isEmpty();
  }
}
