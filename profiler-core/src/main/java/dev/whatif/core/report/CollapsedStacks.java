package dev.whatif.core.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * One line per stack, outermost function first, separated by semicolons, then a blank and the
 * number of samples: what flamegraph.pl, speedscope and inferno read.
 */
public final class CollapsedStacks implements RecordingExport {

  /** Without state. */
  public CollapsedStacks() {}

  @Override
  public String format() {
    return "collapsed";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public void write(Path recording, OutputStream out) throws IOException {
    ConverterInput.open(
        recording,
        "collapsed",
        (jfr, arguments) -> {
          NativeNamesToFlame flame = new NativeNamesToFlame(jfr, arguments);
          flame.convert();
          flame.dump(out);
        });
  }
}
