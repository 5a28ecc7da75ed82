package dev.whatif.core.report;

import dev.whatif.core.recording.Recording;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A recording in another tool's format, for {@code whatif export}; found by {@link
 * java.util.ServiceLoader}, so that modules bring the formats of their events. Without state.
 */
public interface ExportFormat {

  /** What users call it: lower case, words joined by hyphens. */
  String format();

  /** Whether it is text that a terminal can show. */
  boolean isText();

  /** What a user of the other tool must know to see everything, a sentence; empty for most. */
  default String note() {
    return "";
  }

  /**
   * Writes what the recording has for this format.
   *
   * @param filter whose samples are wanted; formats without samples ignore it
   * @throws dev.whatif.core.failure.UsageException when the recording has nothing for this format
   * @throws IOException when writing fails
   */
  void write(Recording recording, ReportFilter filter, OutputStream out) throws IOException;
}
