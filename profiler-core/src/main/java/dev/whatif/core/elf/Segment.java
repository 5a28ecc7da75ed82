package dev.whatif.core.elf;

/**
 * A program header (System V ABI, chapter 5).
 *
 * @param type PT_*
 * @param flags PF_*
 * @param offset in the file, bytes
 * @param address virtual address in the file's own terms
 * @param fileSize bytes in the file
 * @param memorySize bytes in memory
 */
public record Segment(
    int type, int flags, long offset, long address, long fileSize, long memorySize) {

  public static final int PT_LOAD = 1;
  public static final int PT_DYNAMIC = 2;
  public static final int PT_INTERP = 3;
  public static final int PT_NOTE = 4;
  public static final int PT_GNU_EH_FRAME = 0x6474_e550;
  public static final int PF_X = 1;

  /** Whether a byte of the file is loaded by it. */
  public boolean containsOffset(long fileOffset) {
    return fileOffset >= offset && fileOffset - offset < fileSize;
  }
}
