package dev.whatif.core.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A recording in the format of other tools. */
public sealed interface RecordingExport permits CollapsedStacks, FlameGraphHtml, PprofProfile {

  /** What users call the format. */
  String format();

  /** Whether it is text that a terminal can show. */
  boolean isText();

  /**
   * Converts the CPU samples of a recording.
   *
   * @throws IOException when writing fails
   * @throws dev.whatif.core.failure.BadDataException when the recording cannot be read
   */
  void write(Path recording, OutputStream out) throws IOException;
}
