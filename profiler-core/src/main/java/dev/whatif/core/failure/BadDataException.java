package dev.whatif.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * Input that is damaged, hostile or not what it claims to be: exit code 5. The message names the
 * file and the offset.
 */
public final class BadDataException extends WhatifException {

  private static final long serialVersionUID = 1L;

  /** A failure without a known remedy. */
  public BadDataException(String message) {
    super(message, null, null);
  }

  /** A failure with the sentence that tells the way out. */
  public BadDataException(String message, @Nullable String remedy) {
    super(message, remedy, null);
  }

  /** A failure with its cause, which is printed only with {@code --debug}. */
  public BadDataException(String message, @Nullable String remedy, Throwable cause) {
    super(message, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 5;
  }
}
