package dev.whatif.ebpf.interpreter;

/**
 * Dense operation codes of translated instructions: for arithmetic and branches a base (which
 * width, and whether the second operand is a register or a constant) plus what is done.
 */
final class Operations {

  static final int ALU64 = 0;
  static final int ALU64_CONSTANT = 16;
  static final int ALU32 = 32;
  static final int ALU32_CONSTANT = 48;
  static final int ADD = 0;
  static final int SUBTRACT = 1;
  static final int MULTIPLY = 2;
  static final int DIVIDE = 3;
  static final int SIGNED_DIVIDE = 4;
  static final int OR = 5;
  static final int AND = 6;
  static final int SHIFT_LEFT = 7;
  static final int SHIFT_RIGHT = 8;
  static final int REMAINDER = 9;
  static final int SIGNED_REMAINDER = 10;
  static final int XOR = 11;
  static final int SIGNED_SHIFT_RIGHT = 12;
  static final int MOVE = 13;
  static final int NEGATE = 14;

  static final int BRANCH64 = 64;
  static final int BRANCH64_CONSTANT = 75;
  static final int BRANCH32 = 86;
  static final int BRANCH32_CONSTANT = 97;
  static final int EQUAL = 0;
  static final int GREATER = 1;
  static final int GREATER_OR_EQUAL = 2;
  static final int COMMON_BITS = 3;
  static final int NOT_EQUAL = 4;
  static final int SIGNED_GREATER = 5;
  static final int SIGNED_GREATER_OR_EQUAL = 6;
  static final int LESS = 7;
  static final int LESS_OR_EQUAL = 8;
  static final int SIGNED_LESS = 9;
  static final int SIGNED_LESS_OR_EQUAL = 10;

  static final int LOAD = 108;
  static final int LOAD_SIGNED = 112;
  static final int STORE = 115;
  static final int STORE_CONSTANT = 119;
  static final int BYTE = 0;
  static final int HALF = 1;
  static final int WORD = 2;
  static final int DOUBLE = 3;

  static final int JUMP = 123;
  static final int LONG_CONSTANT = 124;
  static final int EXTEND_BYTE = 125;
  static final int EXTEND_HALF = 126;
  static final int EXTEND_WORD = 127;
  static final int EXTEND_BYTE32 = 128;
  static final int EXTEND_HALF32 = 129;
  static final int SWAP16 = 130;
  static final int SWAP32 = 131;
  static final int SWAP64 = 132;
  static final int TRUNCATE16 = 133;
  static final int ATOMIC = 134;
  static final int CALL_LOCAL = 135;
  static final int CALL_HELPER = 136;
  static final int CALL_REGISTER = 137;
  static final int EXIT = 138;

  /** Behind the last instruction: nothing may get there. */
  static final int END = 139;

  private Operations() {}
}
