package dev.whatif.core.process;

/**
 * A range of a process's address space that shows a file (or nothing) from an offset on.
 *
 * @param start first address
 * @param end address behind the last
 * @param fileOffset offset in the file that {@code start} shows
 * @param path the file as the kernel names it, possibly with " (deleted)"; "[vdso]", "[heap]",
 *     "[stack]", "//anon" or "" for memory without a file
 * @param device major and minor number as the kernel prints them ("fe:00"), "" when unknown
 * @param inode of the file, 0 for none
 * @param executable whether code may run there
 */
public record Mapping(
    long start,
    long end,
    long fileOffset,
    String path,
    String device,
    long inode,
    boolean executable) {

  /** Whether an address lies in it. */
  public boolean contains(long address) {
    return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
  }

  /**
   * Whether it shows a file of a file system (not the vdso, the heap, a stack or anonymous memory).
   */
  public boolean isFile() {
    return path.startsWith("/")
        && !path.startsWith("//")
        && !path.startsWith("/dev/zero")
        && inode != 0;
  }

  /** The offset in the file of an address that lies in it. */
  public long offsetOf(long address) {
    return address - start + fileOffset;
  }

  /**
   * The last component of the path without " (deleted)", or the path itself for "[vdso]" and the
   * like.
   */
  public String objectName() {
    String p =
        path.endsWith(" (deleted)")
            ? path.substring(0, path.length() - " (deleted)".length())
            : path;
    return p.substring(p.lastIndexOf('/') + 1);
  }
}
