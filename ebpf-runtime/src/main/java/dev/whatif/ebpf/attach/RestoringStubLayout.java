package dev.whatif.ebpf.attach;

/**
 * The bytes of a {@link RestoringStub}: code, then the data that it reads, all in one piece that
 * nobody writes while it runs.
 *
 * <pre>
 *   0        2                                    160                      280       288     296     304      320
 *  +--------+------------------------------------+------------------------+---------+-------+-------+--------+
 *  | entry: | mask back, registers back, jump    | 15 general registers   | rip to  | mask  | magic | name   |
 *  | syscall| (filled up with int3)              | in machine-code order  | go on at|       |       | memfd  |
 *  +--------+------------------------------------+------------------------+---------+-------+-------+--------+
 *           ^ AFTER_CALL: where the thread is         (rsp is not among them: it never changes)
 *             when its call has returned
 * </pre>
 *
 * <p>Code and magic are the same in every stub, so that one left behind by a controller that was
 * killed is recognised.
 */
final class RestoringStubLayout {

  static final int ENTRY_OFFSET = 0;

  /** Two bytes of {@code syscall} later. */
  static final int AFTER_CALL_OFFSET = ENTRY_OFFSET + 2;

  static final int REGISTERS_OFFSET = 160;
  static final int REGISTER_COUNT = 15;
  static final int RIP_OFFSET = REGISTERS_OFFSET + REGISTER_COUNT * Long.BYTES;
  static final int MASK_OFFSET = RIP_OFFSET + Long.BYTES;
  static final int MAGIC_OFFSET = MASK_OFFSET + Long.BYTES;

  /** A zero-terminated text for a call that needs one: there is no other memory yet. */
  static final int NAME_OFFSET = MAGIC_OFFSET + Long.BYTES;

  static final int NAME_BYTES = 24;
  static final int BYTES = NAME_OFFSET + NAME_BYTES;

  /** "whatif.1". */
  static final long MAGIC = 0x312e_6669_7461_6877L;

  private RestoringStubLayout() {}
}
