package dev.whatif.core.recording;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One type as the metadata of a chunk describes it.
 *
 * @param id number by which events, fields and pools name it
 * @param name Java name, for example {@code jdk.types.StackTrace}
 * @param superType null for a value type
 * @param simple whether readers see its only field in its place
 */
record TypeDescription(
    int id,
    String name,
    @Nullable String superType,
    boolean simple,
    List<Field> fields,
    List<Annotation> annotations) {

  static final String EVENT = "jdk.jfr.Event";
  static final String ANNOTATION = "java.lang.annotation.Annotation";

  TypeDescription {
    fields = List.copyOf(fields);
    annotations = List.copyOf(annotations);
  }

  /** A type without fields: a primitive or the string. */
  static TypeDescription primitive(int id, String name) {
    return new TypeDescription(id, name, null, false, List.of(), List.of());
  }

  static TypeDescription of(int id, String name, Field... fields) {
    return new TypeDescription(id, name, null, false, List.of(fields), List.of());
  }

  /**
   * A type whose only field stands for it: {@code RecordedClass.getName()} needs that of symbols.
   */
  static TypeDescription simple(int id, String name, Field field) {
    return new TypeDescription(id, name, null, true, List.of(field), List.of());
  }

  /**
   * One field of a type.
   *
   * @param type id of its type
   * @param pooled whether the value is a key into the constant pool of that type
   * @param array whether a count and so many values are stored
   */
  record Field(String name, int type, boolean pooled, boolean array, List<Annotation> annotations) {

    Field {
      annotations = List.copyOf(annotations);
    }

    static Field of(String name, int type) {
      return new Field(name, type, false, false, List.of());
    }

    static Field pooled(String name, int type) {
      return new Field(name, type, true, false, List.of());
    }

    static Field array(String name, int type) {
      return new Field(name, type, false, true, List.of());
    }

    Field labelled(String label) {
      return new Field(name, type, pooled, array, List.of(Annotation.of(Annotation.LABEL, label)));
    }
  }
}
