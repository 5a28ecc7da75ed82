package dev.whatif.core.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The event that describes all types of a chunk: a table of strings and a tree of elements with
 * attributes, like XML ({@code jdk.jfr.internal.MetadataReader}).
 *
 * <pre>
 *   size (4 bytes), type 0, time, duration 0, metadata id,
 *   number of strings, strings,
 *   root ( metadata ( class* ( annotation*, field* ( annotation* ) ) ), region )
 *   element = name, number of attributes, (key, value)*, number of children, children
 * </pre>
 */
final class Metadata {

  private final Map<String, Integer> strings = new LinkedHashMap<>();
  private final Map<String, Integer> annotationIds = new HashMap<>();
  private final Leb128Buffer tree = new Leb128Buffer(4096);

  private Metadata() {}

  /**
   * Appends the event.
   *
   * @param id readers keep the types of the previous chunk when it has the same number
   */
  static void write(Leb128Buffer out, long ticks, long id, List<TypeDescription> types) {
    new Metadata().writeEvent(out, ticks, id, types);
  }

  private void writeEvent(Leb128Buffer out, long ticks, long id, List<TypeDescription> types) {
    for (TypeDescription t : types) {
      if (TypeDescription.ANNOTATION.equals(t.superType())) {
        annotationIds.put(t.name(), t.id());
      }
    }
    element("root", Map.of(), 2);
    element("metadata", Map.of(), types.size());
    types.forEach(this::type);
    element("region", Map.of("locale", "en_US", "gmtOffset", "0"), 0);

    int start = out.size();
    out.skip(4);
    out.number(PoolTypes.METADATA_EVENT);
    out.number(ticks);
    out.number(0);
    out.number(id);
    out.number(strings.size());
    strings.keySet().forEach(out::text);
    out.bytes(tree.content());
    out.patchNumber4(start, out.size() - start);
  }

  private void type(TypeDescription t) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("name", t.name());
    if (t.superType() != null) {
      attributes.put("superType", t.superType());
    }
    if (t.simple()) {
      attributes.put("simpleType", "true");
    }
    attributes.put("id", Integer.toString(t.id()));
    element("class", attributes, t.annotations().size() + t.fields().size());
    t.annotations().forEach(this::annotation);
    t.fields().forEach(this::field);
  }

  private void field(TypeDescription.Field f) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("name", f.name());
    attributes.put("class", Integer.toString(f.type()));
    if (f.pooled()) {
      attributes.put("constantPool", "true");
    }
    if (f.array()) {
      attributes.put("dimension", "1");
    }
    element("field", attributes, f.annotations().size());
    f.annotations().forEach(this::annotation);
  }

  private void annotation(Annotation a) {
    Integer type = annotationIds.get(a.type());
    if (type == null) {
      throw new IllegalArgumentException("annotation " + a.type() + " is not declared");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("class", type.toString());
    List<String> keys = new ArrayList<>();
    if (a.type().equals(Annotation.CATEGORY)) {
      for (int i = 0; i < a.values().size(); i++) {
        keys.add("value-" + i);
      }
    } else if (!a.values().isEmpty()) {
      keys.add("value");
    }
    for (int i = 0; i < keys.size(); i++) {
      attributes.put(keys.get(i), a.values().get(i));
    }
    element("annotation", attributes, 0);
  }

  private void element(String name, Map<String, String> attributes, int children) {
    tree.number(string(name));
    tree.number(attributes.size());
    attributes.forEach((key, value) -> {
      tree.number(string(key));
      tree.number(string(value));
    });
    tree.number(children);
  }

  private int string(String s) {
    return strings.computeIfAbsent(s, k -> strings.size());
  }
}
