package dev.whatif.core.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A flame graph as one HTML file: script, style and data inside, nothing is fetched. Made by
 * jfr-converter, async-profiler's converter.
 */
public final class FlameGraphHtml implements RecordingExport {

  /** Without state. */
  public FlameGraphHtml() {}

  @Override
  public String format() {
    return "html";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public void write(Path recording, OutputStream out) throws IOException {
    ConverterInput.open(
        recording,
        "html",
        (jfr, arguments) -> {
          arguments.title = "CPU time: " + recording.getFileName();
          NativeNamesToFlame flame = new NativeNamesToFlame(jfr, arguments);
          flame.convert();
          flame.dump(out);
        });
  }
}
