package dev.whatif.core.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import one.convert.JfrToPprof;

/** pprof's profile.proto, as {@code go tool pprof} and most profile stores read it. */
public final class PprofProfile implements RecordingExport {

  /** Without state. */
  public PprofProfile() {}

  @Override
  public String format() {
    return "pprof";
  }

  @Override
  public boolean isText() {
    return false;
  }

  @Override
  public void write(Path recording, OutputStream out) throws IOException {
    ConverterInput.open(
        recording,
        "pprof",
        (jfr, arguments) -> {
          JfrToPprof pprof = new JfrToPprof(jfr, arguments);
          pprof.convert();
          pprof.dump(out);
        });
  }
}
