package dev.whatif.causal.progress;

import dev.whatif.core.failure.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the end of a request finds its begin.
 *
 * @param begin number of the argument at the begin, from 1; 0 is the thread
 * @param end number of the argument at the end, from 1; 0 is the thread
 */
public record LatencyKey(int begin, int end) {

  /** By the thread that passes both places. */
  public static final LatencyKey THREAD = new LatencyKey(0, 0);

  private static final Pattern SYNTAX = Pattern.compile("begin\\.arg([1-6])=end\\.arg([1-6])");

  /**
   * Reads {@code begin.arg1=end.arg2}, or {@code thread}.
   *
   * @throws UsageException when it is neither
   */
  public static LatencyKey parse(String text) {
    if (text.equals("thread")) {
      return THREAD;
    }
    Matcher m = SYNTAX.matcher(text.replace(" ", ""));
    if (!m.matches()) {
      throw new UsageException(
          "--latency-key: '%s' says not what is equal at both ends of a request".formatted(text),
          "write begin.arg1=end.arg1 (arguments 1 to 6), or thread");
    }
    return new LatencyKey(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
  }
}
