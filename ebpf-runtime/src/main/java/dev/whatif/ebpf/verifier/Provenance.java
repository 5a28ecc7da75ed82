package dev.whatif.ebpf.verifier;

/** What a pointer points into. Immutable, compared by value. */
sealed interface Provenance {

  /** Objects of which a program sees one. */
  enum Single implements Provenance {
    /** What r1 points to at the beginning of a program that an event calls. */
    CONTEXT,
    /** The first byte of a packet. */
    PACKET,
    /** The bytes before it that belong to the program. */
    PACKET_META,
    /** Behind the last byte of a packet; only for comparing. */
    PACKET_END
  }

  /** The stack of a frame, counted from the program's own. */
  record Stack(int frame) implements Provenance {}

  /** A map itself, for helpers only. */
  record MapHandle(int map) implements Provenance {}

  /** A key of a map, as callbacks get it. */
  record MapKey(int map) implements Provenance {}

  /** A value in a map. */
  record MapValue(int map) implements Provenance {}

  /**
   * Memory of a known size.
   *
   * @param reference what must be given back before the program ends; 0 when nothing
   */
  record Memory(int bytes, int reference) implements Provenance {}

  /** A function of the program, by the index of its first instruction. */
  record Function(int index) implements Provenance {}

  /** What it is in a sentence: {@code the context}. */
  default String text() {
    return switch (this) {
      case Single s ->
          switch (s) {
            case CONTEXT -> "the context";
            case PACKET -> "the packet";
            case PACKET_META -> "the packet's metadata";
            case PACKET_END -> "the packet's end";
          };
      case Stack(int frame) -> frame == 0 ? "the stack" : "the stack of call " + frame;
      case MapHandle(int map) -> "map " + map;
      case MapKey(int map) -> "a key of map " + map;
      case MapValue(int map) -> "a value of map " + map;
      case Memory(int bytes, int reference) ->
          reference == 0 ? bytes + " bytes of memory" : "a ring record of " + bytes + " bytes";
      case Function(int index) -> "the function at instruction " + index;
    };
  }
}
