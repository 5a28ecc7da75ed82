package dev.whatif.core.failure;

import org.jspecify.annotations.Nullable;

/** A failure that the user can understand; carries the remedy and the exit code of the command. */
public abstract sealed class WhatifException extends RuntimeException
    permits UsageException, UnavailableException, TargetLostException, BadDataException {

  private static final long serialVersionUID = 1L;

  private final @Nullable String remedy;

  WhatifException(String message, @Nullable String remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /**
   * What the user can do about it, as an imperative sentence, or null when nothing is known to
   * help.
   */
  public final @Nullable String remedy() {
    return remedy;
  }

  /**
   * The exit code of the process: 2 usage, 3 not permitted or not supported, 4 target lost, 5 bad
   * data.
   */
  public abstract int exitCode();
}
