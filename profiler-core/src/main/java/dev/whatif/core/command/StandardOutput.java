package dev.whatif.core.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers why it could not be written: a {@link PrintStream} only knows
 * that. Safe for use by several threads, as the stream around it is.
 */
final class StandardOutput extends OutputStream {

  private final OutputStream out;
  private volatile @Nullable IOException failure;

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  /** From here on {@link System#out}. */
  static StandardOutput install() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    Charset charset = System.out.charset();
    System.setOut(new PrintStream(new BufferedOutputStream(output), true, charset));
    return output;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      }
      throw e;
    }
  }

  /**
   * Why results did not arrive; empty when they did, and when nobody wanted them any more: {@code
   * whatif report run.jfr | head} is a success (EPIPE, write(2)).
   */
  Optional<String> failure() {
    IOException e = failure;
    return e == null || "Broken pipe".equals(e.getMessage())
        ? Optional.empty()
        : Optional.of(String.valueOf(e.getMessage()));
  }
}
