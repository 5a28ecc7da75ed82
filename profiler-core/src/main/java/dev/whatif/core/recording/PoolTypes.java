package dev.whatif.core.recording;

import dev.whatif.core.recording.TypeDescription.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * The types that every chunk describes: primitives, annotations and what lies in constant pools.
 *
 * <p>jfrconv reads some pools by position whatever the metadata says ({@code one.jfr.JfrReader}),
 * so these orders are part of the format:
 *
 * <ul>
 *   <li>Thread: osName, osThreadId, javaName, javaThreadId, then anything that is one number
 *   <li>Class: classLoader, name, package, modifiers, then anything that is one number
 *   <li>Method: type, name, descriptor, modifiers, hidden, and nothing more
 *   <li>StackFrame: method, lineNumber, bytecodeIndex, type as one byte; inline in StackTrace,
 *       because the JDK's reader does not want it in a pool
 *   <li>a pool type must not have a supertype
 *   <li>events that jfrconv knows must have its fields and no more, because it reads on behind the
 *       last field it knows: ExecutionSample is startTime, sampledThread, stackTrace, state
 * </ul>
 *
 * A reference into a pool is one number, which is how the source file hangs on the class and the
 * process on the thread.
 */
final class PoolTypes {

  /** Types of the two events that are not events. */
  static final int METADATA_EVENT = 0;

  static final int CHECKPOINT_EVENT = 1;

  static final int BOOLEAN = 10;
  static final int BYTE = 11;
  static final int INT = 12;
  static final int LONG = 13;
  static final int FLOAT = 14;
  static final int DOUBLE = 15;
  static final int STRING = 16;

  static final int SYMBOL = 40;
  static final int CLASS_LOADER = 41;
  static final int PACKAGE = 42;
  static final int CLASS = 43;
  static final int METHOD = 44;
  static final int FRAME_TYPE = 45;
  static final int STACK_FRAME = 46;
  static final int STACK_TRACE = 47;
  static final int THREAD_GROUP = 48;
  static final int THREAD = 49;
  static final int THREAD_STATE = 50;

  private static final int FIRST_ANNOTATION = 20;

  /** Ids of event types start here. */
  static final int FIRST_EVENT = 100;

  private static final List<String> PLAIN_ANNOTATIONS =
      List.of(
          "jdk.jfr.MemoryAddress", "jdk.jfr.Percentage", "jdk.jfr.Frequency", "jdk.jfr.Unsigned");
  private static final List<String> TEXT_ANNOTATIONS =
      List.of(
          Annotation.LABEL,
          Annotation.DESCRIPTION,
          "jdk.jfr.Timestamp",
          "jdk.jfr.Timespan",
          "jdk.jfr.DataAmount");

  static final List<TypeDescription> ALL = all();

  private PoolTypes() {}

  private static List<TypeDescription> all() {
    List<TypeDescription> types = new ArrayList<>();
    types.add(TypeDescription.primitive(BOOLEAN, "boolean"));
    types.add(TypeDescription.primitive(BYTE, "byte"));
    types.add(TypeDescription.primitive(INT, "int"));
    types.add(TypeDescription.primitive(LONG, "long"));
    types.add(TypeDescription.primitive(FLOAT, "float"));
    types.add(TypeDescription.primitive(DOUBLE, "double"));
    types.add(TypeDescription.primitive(STRING, "java.lang.String"));
    addAnnotations(types);
    types.add(TypeDescription.simple(SYMBOL, "jdk.types.Symbol", Field.of("string", STRING)));
    types.add(
        TypeDescription.of(
            CLASS_LOADER,
            "jdk.types.ClassLoader",
            Field.pooled("type", CLASS),
            Field.pooled("name", SYMBOL)));
    types.add(TypeDescription.of(PACKAGE, "jdk.types.Package", Field.pooled("name", SYMBOL)));
    types.add(
        TypeDescription.of(
            CLASS,
            "java.lang.Class",
            Field.pooled("classLoader", CLASS_LOADER),
            Field.pooled("name", SYMBOL).labelled("Object"),
            Field.pooled("package", PACKAGE),
            Field.of("modifiers", INT),
            Field.pooled("sourceFile", SYMBOL).labelled("Source File")));
    types.add(
        TypeDescription.of(
            METHOD,
            "jdk.types.Method",
            Field.pooled("type", CLASS),
            Field.pooled("name", SYMBOL),
            Field.pooled("descriptor", SYMBOL),
            Field.of("modifiers", INT),
            Field.of("hidden", BOOLEAN)));
    types.add(
        TypeDescription.simple(FRAME_TYPE, "jdk.types.FrameType", Field.of("description", STRING)));
    types.add(
        TypeDescription.of(
            STACK_FRAME,
            "jdk.types.StackFrame",
            Field.pooled("method", METHOD),
            Field.of("lineNumber", INT),
            Field.of("bytecodeIndex", INT).labelled("Offset in Function"),
            Field.pooled("type", FRAME_TYPE)));
    types.add(
        TypeDescription.of(
            STACK_TRACE,
            "jdk.types.StackTrace",
            Field.of("truncated", BOOLEAN),
            Field.array("frames", STACK_FRAME)));
    types.add(
        TypeDescription.of(
            THREAD_GROUP,
            "jdk.types.ThreadGroup",
            Field.pooled("parent", THREAD_GROUP),
            Field.of("name", STRING)));
    types.add(
        TypeDescription.of(
            THREAD,
            "java.lang.Thread",
            Field.of("osName", STRING),
            Field.of("osThreadId", LONG),
            Field.of("javaName", STRING),
            Field.of("javaThreadId", LONG),
            Field.pooled("group", THREAD_GROUP).labelled("Process"),
            Field.of("processId", LONG).labelled("Process Identifier")));
    types.add(
        TypeDescription.simple(THREAD_STATE, "jdk.types.ThreadState", Field.of("name", STRING)));
    return List.copyOf(types);
  }

  private static void addAnnotations(List<TypeDescription> types) {
    int id = FIRST_ANNOTATION;
    for (String name : PLAIN_ANNOTATIONS) {
      types.add(annotation(id++, name));
    }
    for (String name : TEXT_ANNOTATIONS) {
      types.add(annotation(id++, name, Field.of("value", STRING)));
    }
    types.add(annotation(id++, Annotation.CATEGORY, Field.array("value", STRING)));
    types.add(annotation(id++, Annotation.CONTENT_TYPE));
  }

  private static TypeDescription annotation(int id, String name, Field... fields) {
    boolean content =
        switch (name) {
          case Annotation.LABEL,
              Annotation.DESCRIPTION,
              Annotation.CATEGORY,
              Annotation.CONTENT_TYPE ->
              false;
          default -> true;
        };
    return new TypeDescription(
        id,
        name,
        TypeDescription.ANNOTATION,
        false,
        List.of(fields),
        content ? List.of(Annotation.of(Annotation.CONTENT_TYPE)) : List.of());
  }
}
