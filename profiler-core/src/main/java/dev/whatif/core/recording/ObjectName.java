package dev.whatif.core.recording;

/**
 * How an object file is named as a Java class. Names in square brackets, {@code [kernel]} and
 * {@code [vdso]}, become {@code <kernel>} and {@code <vdso>} in the file: a class name that begins
 * with a square bracket is an array to JMC, which then shows no name at all.
 */
final class ObjectName {

  private ObjectName() {}

  static String toClass(String object) {
    return object.startsWith("[") && object.endsWith("]")
        ? "<" + object.substring(1, object.length() - 1) + ">"
        : object;
  }

  static String fromClass(String name) {
    return name.startsWith("<") && name.endsWith(">")
        ? "[" + name.substring(1, name.length() - 1) + "]"
        : name;
  }
}
