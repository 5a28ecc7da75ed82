package dev.whatif.causal.account;

import java.util.List;

/**
 * What tells one request from another at a place.
 *
 * @param kind where the key is found
 * @param register number of the register in DWARF's order (System V ABI, figure 3.36), or -1
 * @param displacement added to the register to give an address; the key itself for a constant
 * @param bytes of the key: 1, 2, 4 or 8
 * @param signed whether it is extended with its sign
 */
public record RequestKey(Kind kind, int register, int displacement, int bytes, boolean signed) {

  /** In the order of {@code enum key_kind}. */
  public enum Kind {
    THREAD,
    REGISTER,
    MEMORY,
    CONSTANT
  }

  private static final List<String> NAMES =
      List.of(
          "ax", "dx", "cx", "bx", "si", "di", "bp", "sp", "r8", "r9", "r10", "r11", "r12", "r13",
          "r14", "r15");

  /** The thread that both places are visited by. */
  public static final RequestKey THREAD = new RequestKey(Kind.THREAD, -1, 0, 8, false);

  /** Refuses what is no key. */
  public RequestKey {
    if (register >= NAMES.size() || !List.of(1, 2, 4, 8).contains(bytes)) {
      throw new IllegalArgumentException("register %d, %d bytes".formatted(register, bytes));
    }
  }

  /** What the accounting calls the register. */
  String registerName() {
    return NAMES.get(register);
  }
}
