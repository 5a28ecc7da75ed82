package dev.whatif.core.report;

import dev.whatif.core.failure.BadDataException;
import java.io.IOException;
import java.nio.file.Path;
import one.convert.Arguments;
import one.jfr.JfrReader;

/** Opens a recording for jfr-converter. */
final class ConverterInput {

  /** What is done with it. */
  @FunctionalInterface
  interface Conversion {
    void run(JfrReader recording, Arguments arguments) throws IOException;
  }

  private ConverterInput() {}

  static void open(Path recording, String format, Conversion conversion) throws IOException {
    Arguments arguments = new Arguments();
    arguments.output = format;
    try (JfrReader reader = new JfrReader(recording.toString())) {
      conversion.run(reader, arguments);
    } catch (RuntimeException e) {
      throw new BadDataException(recording + ": not readable to its end: " + e, null, e);
    }
  }
}
