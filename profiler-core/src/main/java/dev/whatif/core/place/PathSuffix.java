package dev.whatif.core.place;

/** Whether a path ends with what a user wrote of it. */
final class PathSuffix {

  private static final String DELETED = " (deleted)";

  private PathSuffix() {}

  /** Whether the last components of a path are these. */
  static boolean matches(String path, String written) {
    String p = path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
    String w = written;
    while (w.startsWith("./") || w.startsWith("../")) {
      w = w.substring(w.indexOf('/') + 1);
    }
    return !w.isEmpty()
        && p.endsWith(w)
        && (p.length() == w.length()
            || w.startsWith("/")
            || p.charAt(p.length() - w.length() - 1) == '/');
  }

  /** The last component. */
  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
