package dev.whatif.core.failure;

import org.jspecify.annotations.Nullable;

/** This machine, kernel or user may not do what was asked: exit code 3. */
public final class UnavailableException extends WhatifException {

  private static final long serialVersionUID = 1L;

  /** A failure without a known remedy. */
  public UnavailableException(String message) {
    super(message, null, null);
  }

  /** A failure with the sentence that tells the way out. */
  public UnavailableException(String message, @Nullable String remedy) {
    super(message, remedy, null);
  }

  /** A failure with its cause, which is printed only with {@code --debug}. */
  public UnavailableException(String message, @Nullable String remedy, Throwable cause) {
    super(message, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 3;
  }
}
