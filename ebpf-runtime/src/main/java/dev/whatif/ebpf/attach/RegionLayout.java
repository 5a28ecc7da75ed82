package dev.whatif.ebpf.attach;

import java.util.regex.Pattern;

/**
 * The memory that a target shares with us: one memfd, mapped twice in the target and once here.
 *
 * <pre>
 *  in the target          0                   codeBytes                    codeBytes + dataBytes
 *                         +-------------------+----------------------------+
 *                         | code        (R-X) | data                 (RW-) |
 *                         +-------------------+----------------------------+
 *  here                   |                all of it (RW-)                 |
 *
 *  the data begin with what a later controller must know if this one is killed:
 *    0       8        24          32            40           48        64        512         1536
 *   +-------+--------+-----------+-------------+------------+---------+---------+-----------+------
 *   | magic | nonce  | sockets   | inode of    | inode of   | signals | passed  | arguments | free
 *   |       | random | 2 x s32   | the first   | the second | of ours | maps    | of calls  |
 *   +-------+--------+-----------+-------------+------------+---------+---------+-----------+------
 *                                                                     28 x { address, bytes }
 * </pre>
 *
 * <p>Little-endian. The target can write all of the data: what is read from there is checked
 * against {@code /proc} before anything is done with it.
 */
final class RegionLayout {

  /** "whatif.d". */
  static final long MAGIC = 0x642e_6669_7461_6877L;

  static final int MAGIC_OFFSET = 0;

  /** Tells this region from all others: an address alone may belong to a new program after exec. */
  static final int NONCE_OFFSET = MAGIC_OFFSET + Long.BYTES;

  static final int NONCE_BYTES = 16;

  /** What socketpair(2) wrote; -1 when no map is being passed. */
  static final int SOCKETS_OFFSET = NONCE_OFFSET + NONCE_BYTES;

  static final int SOCKET_INODES_OFFSET = SOCKETS_OFFSET + 2 * Integer.BYTES;

  /** Signal n, whose action we have changed, is bit n-1. */
  static final int SIGNALS_OFFSET = SOCKET_INODES_OFFSET + 2 * Long.BYTES;

  /** The maps that were passed: address and bytes, both 0 for none. */
  static final int PASSED_OFFSET = 64;

  static final int PASSED_BYTES = 2 * Long.BYTES;
  static final int ARGUMENTS_OFFSET = 512;
  static final int PASSED_COUNT = (ARGUMENTS_OFFSET - PASSED_OFFSET) / PASSED_BYTES;
  static final int ARGUMENTS_BYTES = 1024;

  /** In the middle: of who shares the data with the process that they were made for. */
  static final int INHERITED_ARGUMENTS_OFFSET = ARGUMENTS_OFFSET + ARGUMENTS_BYTES / 2;

  static final int FREE_OFFSET = ARGUMENTS_OFFSET + ARGUMENTS_BYTES;

  private RegionLayout() {}

  /** The name of the memfd in a process: {@code /proc/PID/maps} shows it. */
  static String name(int pid) {
    return "whatif:" + pid;
  }

  private static final Pattern PATH = Pattern.compile("/memfd:whatif:\\d+ \\(deleted\\)");

  /** How maps and the links in {@code /proc/PID/fd} show such a file. */
  static String path(int pid) {
    return "/memfd:" + name(pid) + " (deleted)";
  }

  /**
   * Whether such a file is shown: of the process itself, or of one that it was forked from after
   * that was entered.
   */
  static boolean isPath(String shown) {
    return PATH.matcher(shown).matches();
  }
}
