package dev.whatif.ebpf.map.code;

/** Routines of {@link MapCode}: helper functions for any map, and for maps of a known kind. */
public enum MapRoutine {
  /** rdi map, rsi key: value or 0. Any kind. */
  LOOKUP,

  /** rdi map, rsi key, rdx value, rcx flags: 0 or a negative errno. Any kind. */
  UPDATE,

  /** rdi map, rsi key: 0 or a negative errno. Any kind. */
  DELETE,

  /** rdi map, rsi key, rdx slot: value of that slot, or 0. */
  LOOKUP_PERCPU,

  ARRAY_LOOKUP,
  ARRAY_UPDATE,
  PERCPU_ARRAY_LOOKUP,
  PERCPU_ARRAY_UPDATE,
  HASH_LOOKUP,
  HASH_UPDATE,
  HASH_DELETE,
  LRU_HASH_LOOKUP,
  LRU_HASH_UPDATE,
  PERCPU_HASH_LOOKUP,
  PERCPU_HASH_UPDATE,

  /** rdi map, rsi bytes, rdx flags: where to write, or 0. */
  RINGBUF_RESERVE,

  /** rdi what was reserved, rsi flags. */
  RINGBUF_SUBMIT,

  /** rdi what was reserved, rsi flags. */
  RINGBUF_DISCARD,

  /** rdi map, rsi data, rdx bytes, rcx flags: 0 or a negative errno. */
  RINGBUF_OUTPUT,

  /** rdi map, rsi what: a number. */
  RINGBUF_QUERY,

  /** rdi map, rsi flags, rdx data, rcx bytes: 0 or a negative errno. The context comes not here. */
  PERF_EVENT_OUTPUT
}
