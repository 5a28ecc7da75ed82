package dev.whatif.core.recording;

/**
 * One field of an event: how it is described, and how its value gets from the record to the bytes.
 *
 * @param <E> the record
 */
record EventField<E>(TypeDescription.Field description, Encoder<E> encoder) {

  /** Appends the value of one field. */
  interface Encoder<E> {
    void encode(E event, Leb128Buffer out, ConstantPools pools);
  }
}
