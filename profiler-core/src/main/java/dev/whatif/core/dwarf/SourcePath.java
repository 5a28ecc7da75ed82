package dev.whatif.core.dwarf;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths of sources as text: the files need not exist on this machine. */
final class SourcePath {

  private SourcePath() {}

  /** Without empty and {@code .} parts; {@code ..} takes the folder before it away. */
  static String normalised(String path) {
    if (!path.contains("//") && !path.contains("./") && !path.endsWith("/.")) {
      return path;
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.equals("..") || !path.startsWith("/")) {
        parts.addLast(part);
      }
    }
    return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
  }

  /** Whether the last components of a path are these, or it is the whole of it. */
  static boolean endsWith(String path, String suffix) {
    return path.endsWith(suffix)
        && (path.length() == suffix.length()
            || suffix.startsWith("/")
            || path.charAt(path.length() - suffix.length() - 1) == '/');
  }
}
