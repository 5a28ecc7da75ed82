package dev.whatif.ebpf.aot;

import java.nio.file.Path;

/** Keys of tests, which leave the user's own alone. */
public final class UserKeys {

  private UserKeys() {}

  /** The key in a file, which is made if there is none. */
  public static UserKey in(Path file) {
    return UserKey.in(file);
  }
}
