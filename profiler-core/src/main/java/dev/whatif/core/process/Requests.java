package dev.whatif.core.process;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which every request passes that changes or reads a traced process: ptrace,
 * and reads and writes of its memory. Waiting is not counted, so that the same stop makes the same
 * number of requests.
 *
 * <p>Whatever happens to whatif between two requests, the target must go on with right results. To
 * prove it, a test numbers the requests here and kills the JVM after the k-th, for every k.
 * Thread-safe.
 */
public final class Requests {

  private static final AtomicLong COUNT = new AtomicLong();
  private static volatile @Nullable LongConsumer observer;

  private Requests() {}

  /** How many requests this JVM has made. */
  public static long count() {
    return COUNT.get();
  }

  /**
   * Calls somebody after each request, on the thread that made it.
   *
   * @param observer takes the number of the request since this call, beginning with 1; null ends it
   */
  public static void observe(@Nullable LongConsumer observer) {
    COUNT.set(0);
    Requests.observer = observer;
  }

  /** To be called right after a request, whether it failed or not. */
  public static void passed() {
    long n = COUNT.incrementAndGet();
    LongConsumer o = observer;
    if (o != null) {
      o.accept(n);
    }
  }
}
