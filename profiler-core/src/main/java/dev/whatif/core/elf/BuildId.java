package dev.whatif.core.elf;

import java.util.HexFormat;

/**
 * The identity of a linked file: the NT_GNU_BUILD_ID note, the same in a program and in its
 * separate debug file.
 *
 * @param hex lower case, usually 40 digits (SHA-1)
 */
public record BuildId(String hex) {

  /** From the note's descriptor. */
  public static BuildId of(byte[] descriptor) {
    return new BuildId(HexFormat.of().formatHex(descriptor));
  }

  @Override
  public String toString() {
    return hex;
  }
}
