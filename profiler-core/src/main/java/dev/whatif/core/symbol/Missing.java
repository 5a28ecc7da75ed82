package dev.whatif.core.symbol;

/**
 * What could not be known about one object, so that a report can say it once.
 *
 * @param object as in {@link SourceFrame#object()}
 * @param path where it was looked for
 * @param what how much is missing
 * @param reason why, and what would help
 */
public record Missing(String object, String path, What what, String reason) {

  /** How much is missing, worst first. */
  public enum What {
    /** The file could not be read: its frames are {@code [object]+0xoffset}. */
    FILE,
    /** The file was read and names no functions. */
    SYMBOLS,
    /** Functions have names but neither lines nor inlined frames. */
    LINES
  }

  /** All of it as one sentence. */
  public String sentence() {
    String lacks =
        switch (what) {
          case FILE -> "unreadable, its frames are addresses";
          case SYMBOLS -> "no function names";
          case LINES -> "no source lines, functions only";
        };
    return path + ": " + lacks + " (" + reason + ")";
  }
}
