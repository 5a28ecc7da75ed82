package dev.whatif.ebpf.btf;

import dev.whatif.core.failure.BadDataException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The types of one kernel, module or object.
 *
 * <p>Parsing scans the types once (5 MB of the kernel's: a few milliseconds warm) and keeps the
 * bytes; {@link #type} decodes one, {@link #find} builds an index of names at its first call. A
 * split BTF (a kernel module's) continues the ids and strings of its base. Immutable, any thread
 * may read; holds 4 bytes a type beside the blob, 8 more once names were asked for.
 *
 * <p>Source: kernel, Documentation/bpf/btf.rst.
 */
public final class Btf {

  /** Where the kernel shows its own types. */
  public static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_DEPTH = 64;
  private static final int MAX_STRING_BYTES = 64 * 1024;

  private final String origin;
  private final byte[] raw;
  private final BtfSections sections;
  private final @Nullable Btf base;
  private final int firstId;
  private final int firstString;
  private final int[] offsets;
  private final int size;
  private @Nullable volatile BtfNames names;

  private Btf(String origin, byte[] raw, @Nullable Btf base) {
    this.origin = origin;
    this.raw = raw;
    this.base = base;
    this.sections = BtfSections.of(origin, raw);
    this.firstId = base == null ? 1 : base.size;
    this.firstString = base == null ? 0 : base.stringLimit();
    this.offsets = BtfScan.offsets(origin, raw, sections, stringLimit());
    this.size = firstId + offsets.length;
  }

  /**
   * Parses a blob: the file {@code /sys/kernel/btf/vmlinux} or the section {@code .BTF} of an
   * object.
   *
   * @param origin what to call it in errors, such as {@code probe.bpf.o: .BTF}
   * @param raw not copied: the caller lets go of it
   * @throws BadDataException when it is damaged; names the offset
   */
  public static Btf parse(String origin, byte[] raw) {
    return new Btf(origin, raw, null);
  }

  /**
   * Parses a split blob, such as a kernel module's: ids and strings go on where {@code base}'s end.
   */
  public static Btf parseSplit(String origin, byte[] raw, Btf base) {
    return new Btf(origin, raw, base);
  }

  /**
   * The types of the running kernel; read once per process.
   *
   * @throws dev.whatif.core.failure.UnavailableException when the kernel was built without them
   */
  public static Btf ofKernel() {
    return KernelTypesFile.parsed();
  }

  /** What it is called in errors. */
  public String origin() {
    return origin;
  }

  /** The blob: not to be changed. */
  public byte[] raw() {
    return raw;
  }

  /** The types that ids and strings go on from, or null. */
  public @Nullable Btf base() {
    return base;
  }

  /** One more than the highest id; id 0 (void) and the base's count. */
  public int size() {
    return size;
  }

  /** The lowest id that is its own: 1, or the base's size. */
  public int firstId() {
    return firstId;
  }

  /**
   * Decodes a type.
   *
   * @throws BadDataException when there is none of that id, or it refers to one that does not exist
   */
  public BtfType type(int id) {
    return id == 0 ? BtfDecoder.VOID : BtfDecoder.decode(this, id);
  }

  /** The kind of a type, without decoding it. */
  public BtfKind kind(int id) {
    return id == 0 ? BtfKind.VOID : owner(id).kindAt(id);
  }

  /** The name of a type, empty when it has none. */
  public String name(int id) {
    return id == 0 ? "" : string(nameOffset(id));
  }

  /**
   * A string by its offset, counted from the beginning of the base's strings.
   *
   * @throws BadDataException when the offset lies outside
   */
  public String string(int offset) {
    Btf btf = this;
    while (btf.base != null && offset >= 0 && offset < btf.firstString) {
      btf = btf.base;
    }
    int at = btf.stringAt(offset);
    int end = at;
    while (btf.raw[end] != 0) {
      if (end++ - at == MAX_STRING_BYTES) {
        throw damaged(at, "a string of more than 64 kB");
      }
    }
    return new String(btf.raw, at, end - at, StandardCharsets.UTF_8);
  }

  /** The first type of that kind and name; the base's come first. */
  public OptionalInt find(BtfKind kind, String name) {
    return named(name).filter(id -> kind(id) == kind).findFirst();
  }

  /** All types of that name, in ascending order. */
  public IntStream named(String name) {
    IntStream own = names().ids(name);
    return base == null ? own : IntStream.concat(base.named(name), own);
  }

  /**
   * The type behind typedefs, const, volatile, restrict and type tags.
   *
   * @throws BadDataException when they form a loop
   */
  public int resolve(int id) {
    int at = id;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      BtfKind kind = kind(at);
      if (kind != BtfKind.TYPEDEF && !kind.isModifier()) {
        return at;
      }
      at = reference(at);
    }
    throw bad(id, "is a typedef of typedefs without an end");
  }

  /**
   * Bytes of a value of a type.
   *
   * @throws BadDataException when it has no size (a function, void, a forward declaration), or
   *     arrays of arrays form a loop or exceed 2^31 bytes
   */
  public long sizeOf(int id) {
    long count = 1;
    int at = id;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      at = resolve(at);
      switch (kind(at)) {
        case INT, STRUCT, UNION, ENUM, ENUM64, FLOAT, DATASEC -> {
          return product(id, count, owner(at).word(at, 8) & 0xffff_ffffL);
        }
        case POINTER -> {
          return product(id, count, Long.BYTES);
        }
        case VAR -> at = reference(at);
        case ARRAY -> {
          BtfType.Array array = (BtfType.Array) type(at);
          count = product(id, count, array.length());
          at = array.element();
        }
        case VOID,
            FORWARD,
            TYPEDEF,
            VOLATILE,
            CONST,
            RESTRICT,
            FUNC,
            FUNC_PROTO,
            DECL_TAG,
            TYPE_TAG ->
            throw bad(id, "has no size");
      }
    }
    throw bad(id, "is an array of arrays without an end");
  }

  private long product(int id, long count, long bytes) {
    long all = count * bytes; // below 2^31 times below 2^32
    if (all < 0 || all > Integer.MAX_VALUE) {
      throw bad(id, "has more than 2^31 bytes");
    }
    return all;
  }

  /** The error for a type that is not what its use needs. */
  public BadDataException bad(int id, String what) {
    String label = id < 0 || id >= size ? "" : " (" + kind(id) + " " + quoted(id) + ")";
    return new BadDataException(origin + ": type " + id + label + " " + what);
  }

  private String quoted(int id) {
    String name = name(id);
    return name.isEmpty() ? "without a name" : "'" + name + "'";
  }

  /** The blob that holds a type, this or a base. */
  Btf owner(int id) {
    Btf btf = this;
    if (id < 0 || id >= size) {
      throw new BadDataException(
          origin + ": type " + id + " does not exist (there are " + size + ")");
    }
    while (id < btf.firstId && btf.base != null) {
      btf = btf.base;
    }
    return btf;
  }

  /** Offset of a type of its own in the blob. */
  int offset(int id) {
    return offsets[id - firstId];
  }

  /** A word of a type of its own. */
  int word(int id, int at) {
    return (int) WORD.get(raw, offsets[id - firstId] + at);
  }

  /** Offset of a type's name among the strings. */
  int nameOffset(int id) {
    return owner(id).word(id, 0);
  }

  private int reference(int id) {
    int target = owner(id).word(id, 8);
    if (target < 0 || target >= size) {
      throw bad(id, "refers to type " + target + ", which does not exist");
    }
    return target;
  }

  private BtfKind kindAt(int id) {
    return BtfKind.of(word(id, 4) >>> 24 & 0x1f);
  }

  private BtfNames names() {
    BtfNames known = names;
    if (known == null) {
      known = new BtfNames(this);
      names = known;
    }
    return known;
  }

  int stringLimit() {
    return firstString + (sections.stringsEnd() - sections.strings());
  }

  /** Position in this blob of a string of its own. */
  int stringAt(int offset) {
    int at = sections.strings() + (offset - firstString);
    if (offset < firstString || offset >= stringLimit()) {
      throw new BadDataException(
          "%s: a string at offset 0x%x of 0x%x bytes of strings"
              .formatted(origin, offset, stringLimit()));
    }
    return at;
  }

  private BadDataException damaged(int at, String what) {
    return new BadDataException(origin + ": " + what + " at offset 0x" + Integer.toHexString(at));
  }

  @Override
  public String toString() {
    return origin + " (" + size + " types)";
  }
}
