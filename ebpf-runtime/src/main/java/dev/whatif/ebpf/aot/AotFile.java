package dev.whatif.ebpf.aot;

import dev.whatif.core.failure.BadDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An object with the machine code of its programs. Immutable, thread-safe; arrays are not copies
 * and not to be changed.
 *
 * <pre>
 *  "WHATIFA1"                        8 bytes
 *  length of the object, the object  4 bytes, big-endian, and as many
 *  number of images, the images      4 bytes, big-endian; see NativeImage
 *  signature                         32 bytes: HMAC-SHA-256 of everything before
 * </pre>
 *
 * @param object as clang wrote it; empty when the programs are no object's
 * @param images of its programs, signed by this user
 * @param rejected why there are no images though the file has some; empty when there are, or when
 *     it has none
 */
@SuppressWarnings("ArrayRecordComponent")
public record AotFile(byte[] object, List<NativeImage> images, String rejected) {

  private static final byte[] MAGIC = {'W', 'H', 'A', 'T', 'I', 'F', 'A', '1'};
  private static final int MOST_IMAGES = 1 << 12;

  /** Copies the list. */
  public AotFile {
    images = List.copyOf(images);
  }

  /** Whether a file begins as these do. */
  public static boolean looksLike(byte[] file) {
    return file.length >= MAGIC.length
        && Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** The bytes of a file. */
  public static byte[] write(byte[] object, List<NativeImage> images, UserKey key) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(MAGIC);
      out.writeInt(object.length);
      out.write(object);
      out.writeInt(images.size());
      for (NativeImage image : images) {
        image.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] body = bytes.toByteArray();
    bytes.writeBytes(key.sign(body, 0, body.length));
    return bytes.toByteArray();
  }

  /**
   * Reads a file. Machine code that this user has not signed is not even looked at.
   *
   * @param name what to call it in errors
   * @throws BadDataException when it is no such file, or a damaged one
   */
  public static AotFile read(String name, byte[] file, UserKey key) {
    if (!looksLike(file)) {
      throw new BadDataException(name + " was not made by whatif bpf compile");
    }
    int body = file.length - UserKey.SIGNATURE_BYTES;
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(file, 0, Math.max(body, 0)))) {
      in.skipNBytes(MAGIC.length);
      int length = in.readInt();
      if (length < 0 || length > in.available()) {
        throw new BadDataException("%s: an object of %d bytes".formatted(name, length));
      }
      byte[] object = in.readNBytes(length);
      byte[] signature = Arrays.copyOfRange(file, body, file.length);
      if (!key.signed(file, 0, body, signature)) {
        return new AotFile(
            object, List.of(), "its machine code was not made by this user, or it was changed");
      }
      return new AotFile(object, images(name, in), "");
    } catch (IOException e) {
      throw new BadDataException(name + ": the file ends too early", null, e);
    }
  }

  private static List<NativeImage> images(String name, DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST_IMAGES) {
      throw new BadDataException("%s: %d programs".formatted(name, count));
    }
    List<NativeImage> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(NativeImage.read(in));
    }
    return images;
  }

  /** The image of a program. */
  public Optional<NativeImage> image(String program) {
    return images.stream().filter(i -> i.program().equals(program)).findFirst();
  }
}
