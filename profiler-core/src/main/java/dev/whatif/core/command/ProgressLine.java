package dev.whatif.core.command;

import java.io.PrintStream;

/**
 * One line on a terminal that is written over and over; silent where stderr is no terminal.
 * Confined to one thread.
 */
public final class ProgressLine implements AutoCloseable {

  private static final String BACK_AND_CLEAR = "\r\033[K";

  private final PrintStream out;
  private final boolean visible;
  private boolean shown;

  /**
   * A line on stderr.
   *
   * @param wanted whether to show it if there is a terminal
   */
  public ProgressLine(boolean wanted) {
    this(System.err, wanted && stderrIsTerminal());
  }

  ProgressLine(PrintStream out, boolean visible) {
    this.out = out;
    this.visible = visible;
  }

  private static boolean stderrIsTerminal() {
    // Console tells about stdin and stdout together; stderr is asked for by where it leads to.
    try {
      return java.nio.file.Path.of("/proc/self/fd/2").toRealPath().toString().startsWith("/dev/")
          && !java.nio.file.Path.of("/proc/self/fd/2").toRealPath().endsWith("null");
    } catch (java.io.IOException e) {
      return false; // a pipe or a socket has no path
    }
  }

  /** Shows this text instead of the one before. */
  public void show(String text) {
    if (visible) {
      out.print(BACK_AND_CLEAR + text);
      out.flush();
      shown = true;
    }
  }

  /** Removes the line. */
  @Override
  public void close() {
    if (shown) {
      out.print(BACK_AND_CLEAR);
      out.flush();
      shown = false;
    }
  }
}
