package dev.whatif.core.report;

import dev.whatif.core.recording.Recording;
import java.io.IOException;
import java.io.OutputStream;

/** The CPU samples of a recording in the format of other tools. */
public sealed interface RecordingExport extends ExportFormat
    permits CollapsedStacks, FlameGraphHtml, PprofProfile {

  /**
   * Writes the stacks.
   *
   * @throws IOException when writing fails
   */
  void write(StackCounts stacks, OutputStream out) throws IOException;

  @Override
  default void write(Recording recording, ReportFilter filter, OutputStream out)
      throws IOException {
    write(StackCounts.of(recording, filter), out);
  }
}
