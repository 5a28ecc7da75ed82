package dev.whatif.core.failure;

import org.jspecify.annotations.Nullable;

/** The command was called in a way that has no meaning: exit code 2. */
public final class UsageException extends WhatifException {

  private static final long serialVersionUID = 1L;

  /** A failure without a known remedy. */
  public UsageException(String message) {
    super(message, null, null);
  }

  /** A failure with the sentence that tells the way out. */
  public UsageException(String message, @Nullable String remedy) {
    super(message, remedy, null);
  }

  /** A failure with its cause, which is printed only with {@code --debug}. */
  public UsageException(String message, @Nullable String remedy, Throwable cause) {
    super(message, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 2;
  }
}
