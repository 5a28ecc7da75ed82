package dev.whatif.core.report;

import java.io.IOException;
import java.io.OutputStream;

/** The CPU samples of a recording in the format of other tools. */
public sealed interface RecordingExport permits CollapsedStacks, FlameGraphHtml, PprofProfile {

  /** What users call the format. */
  String format();

  /** Whether it is text that a terminal can show. */
  boolean isText();

  /**
   * Writes the stacks.
   *
   * @throws IOException when writing fails
   */
  void write(StackCounts stacks, OutputStream out) throws IOException;
}
