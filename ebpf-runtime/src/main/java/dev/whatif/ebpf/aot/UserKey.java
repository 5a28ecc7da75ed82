package dev.whatif.ebpf.aot;

import dev.whatif.core.failure.UnavailableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret of this user's, with which machine code is signed (HMAC-SHA-256, RFC 2104). It lies in a
 * file that nobody else may read and is made when it is first needed. Thread-safe.
 */
public final class UserKey {

  /** Bytes of a signature. */
  public static final int SIGNATURE_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final SecretKeySpec key;

  private UserKey(byte[] secret) {
    key = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * This user's key: {@code whatif/aot.key} in the folder for state (XDG Base Directory
   * Specification: {@code $XDG_STATE_HOME}, or {@code ~/.local/state}).
   *
   * @throws UnavailableException when the file cannot be made or read, or others may read it
   */
  public static UserKey ofThisUser() {
    String state = System.getenv("XDG_STATE_HOME");
    Path folder =
        state != null && state.startsWith("/")
            ? Path.of(state)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return in(folder.resolve("whatif").resolve("aot.key"));
  }

  /** The key in a file, which is made if there is none. */
  static UserKey in(Path file) {
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      if (!permissions.endsWith("------")) {
        throw new UnavailableException(
            "others may read the key %s (%s)".formatted(file, permissions),
            "chmod 600 it, or remove it to have a new one made");
      }
      byte[] secret = Files.size(file) == KEY_BYTES ? Files.readAllBytes(file) : new byte[0];
      if (secret.length != KEY_BYTES) {
        throw new UnavailableException(
            "%s is no key of %d bytes".formatted(file, KEY_BYTES),
            "remove it to have a new one made");
      }
      return new UserKey(secret);
    } catch (IOException e) {
      throw new UnavailableException(
          "cannot use the key %s: %s".formatted(file, e.getMessage()),
          "set XDG_STATE_HOME to a folder of yours",
          e);
    }
  }

  /** Whole or not at all, also when two do it at the same time. */
  private static void make(Path file) throws IOException {
    byte[] secret = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(secret);
    Files.createDirectories(file.getParent());
    Path made =
        Files.createTempFile(
            file.getParent(),
            "aot",
            ".key",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(made, secret);
      Files.createLink(file, made);
    } catch (FileAlreadyExistsException e) {
      // somebody was faster: that one it is
    } finally {
      Files.delete(made);
    }
  }

  /** The signature of some bytes. */
  byte[] sign(byte[] bytes, int from, int length) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(bytes, from, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** Whether a signature is that of some bytes; takes as long for any. */
  boolean signed(byte[] bytes, int from, int length, byte[] signature) {
    return MessageDigest.isEqual(sign(bytes, from, length), signature);
  }
}
