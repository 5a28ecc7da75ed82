package dev.whatif.core.recording;

import java.util.List;

/**
 * An annotation of a type or field in the metadata, for example {@code @Label("Mapping")}.
 *
 * @param type its name, which {@link PoolTypes} must declare
 * @param values none, one for the annotation's only element, or several when that is an array
 */
record Annotation(String type, List<String> values) {

  static final String LABEL = "jdk.jfr.Label";
  static final String DESCRIPTION = "jdk.jfr.Description";
  static final String CATEGORY = "jdk.jfr.Category";
  static final String CONTENT_TYPE = "jdk.jfr.ContentType";

  Annotation {
    values = List.copyOf(values);
  }

  static Annotation of(String type, String... values) {
    return new Annotation(type, List.of(values));
  }
}
