package dev.whatif.causal.backend;

import java.util.Map;

/** Withholds threads that owe time from their work. */
public interface DelayBackend extends AutoCloseable {

  /** What users choose it by. */
  String name();

  /**
   * Reaches processes that came into scope, or executed another program, since the last call; does
   * little when there are none. Call it often, from one thread.
   */
  void follow();

  /** The processes that cannot be delayed, with the reason. */
  Map<Integer, String> refusals();

  /** Lets everybody go, leaving nothing behind. */
  @Override
  void close();
}
