package dev.whatif.core.place;

import dev.whatif.core.process.Mapping;

/**
 * A file whose code runs in the target. One object for a file as long as a {@link TargetCode}
 * lives; any thread may use it.
 */
public final class CodeFile {

  private final Mapping mapping;
  private final long device;
  private volatile int pid;

  CodeFile(Mapping mapping, int pid) {
    this.mapping = mapping;
    this.device = kernelNumber(mapping.device());
    this.pid = pid;
  }

  /** Path in the target's own file system, as the kernel names it; may end in " (deleted)". */
  public String path() {
    return mapping.path();
  }

  /** The last component of the path. */
  public String object() {
    return mapping.objectName();
  }

  /**
   * Number of its file system as the kernel keeps it ({@code s_dev}): {@code major << 20 | minor}.
   */
  public long device() {
    return device;
  }

  /** The same as {@code /proc/PID/maps} prints it: {@code fe:00}. */
  public String deviceText() {
    return mapping.device();
  }

  /** Its number in its file system. */
  public long inode() {
    return mapping.inode();
  }

  /** A process that maps it, of those that lived when the maps were last read. */
  public int pid() {
    return pid;
  }

  /** A mapping of its code in some process. */
  Mapping mapping() {
    return mapping;
  }

  void mappedBy(int other) {
    pid = other;
  }

  private static long kernelNumber(String text) {
    int colon = text.indexOf(':');
    try {
      return Long.parseLong(text, 0, colon, 16) << 20
          | Long.parseLong(text, colon + 1, text.length(), 16);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return 0;
    }
  }

  @Override
  public String toString() {
    return path();
  }
}
