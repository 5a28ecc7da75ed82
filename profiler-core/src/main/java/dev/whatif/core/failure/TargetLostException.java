package dev.whatif.core.failure;

import org.jspecify.annotations.Nullable;

/** An attached target was gone before anything was measured: exit code 4. */
public final class TargetLostException extends WhatifException {

  private static final long serialVersionUID = 1L;

  /** A failure without a known remedy. */
  public TargetLostException(String message) {
    super(message, null, null);
  }

  /** A failure with the sentence that tells the way out. */
  public TargetLostException(String message, @Nullable String remedy) {
    super(message, remedy, null);
  }

  /** A failure with its cause, which is printed only with {@code --debug}. */
  public TargetLostException(String message, @Nullable String remedy, Throwable cause) {
    super(message, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 4;
  }
}
