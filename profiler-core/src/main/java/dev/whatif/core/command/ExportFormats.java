package dev.whatif.core.command;

import dev.whatif.core.report.ExportFormat;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The formats that modules bring, by what users call them; for picocli. */
final class ExportFormats implements ITypeConverter<ExportFormat>, Iterable<String> {

  private final List<ExportFormat> all =
      ServiceLoader.load(ExportFormat.class).stream().map(ServiceLoader.Provider::get).toList();

  /** For picocli. */
  ExportFormats() {}

  @Override
  public Iterator<String> iterator() {
    return all.stream().map(ExportFormat::format).iterator();
  }

  @Override
  public ExportFormat convert(String value) {
    return all.stream()
        .filter(f -> f.format().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "expected one of %s but was '%s'"
                    .formatted(
                        all.stream().map(ExportFormat::format).collect(Collectors.joining(", ")),
                        value)));
  }
}
