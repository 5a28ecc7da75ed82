package dev.whatif.core.sample;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.linux.LinuxException;
import dev.whatif.core.linux.Resource;

/** The limit of open files: sampling takes one for each thread and CPU. */
final class OpenFiles {

  /** For everything else that is open. */
  private static final long RESERVE = 256;

  private OpenFiles() {}

  /** Raises the limit as far as this user may. */
  static void raise() {
    Resource.Limit limit = Resource.getrlimit(Resource.RLIMIT_NOFILE);
    try {
      Resource.setrlimit(Resource.RLIMIT_NOFILE, new Resource.Limit(limit.hard(), limit.hard()));
    } catch (LinuxException e) {
      // it stays as it is: the check says whether that is enough
    }
  }

  /**
   * Checks that so many more can be opened.
   *
   * @throws UnavailableException with the limit and how to raise it
   */
  static void require(long count, String why) {
    long limit = Resource.getrlimit(Resource.RLIMIT_NOFILE).effective();
    if (count + RESERVE > limit) {
      throw new UnavailableException(
          why + " needs " + count + " open files, and the limit is " + limit,
          "raise it with: ulimit -n " + (count + 2 * RESERVE) + " (as root: ulimit -Hn first)");
    }
  }
}
