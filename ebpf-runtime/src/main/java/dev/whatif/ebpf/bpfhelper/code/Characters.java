package dev.whatif.ebpf.bpfhelper.code;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Register;

/** Kinds of characters, as lib/ctype.c has them, which is Latin-1. */
final class Characters {

  private static final int FIRST_LATIN_1_LETTER = 0xc0;
  private static final int MULTIPLICATION_SIGN = 0xd7;
  private static final int DIVISION_SIGN = 0xf7;

  private Characters() {}

  /** Tab, line feed, and what is between them and carriage return. */
  static void ifControlSpace(Writer w, Register character, Register scratch, Label then) {
    between(w, character, scratch, '\t', '\r', then);
  }

  /** Letters and digits. */
  static void ifAlphanumeric(Writer w, Register character, Register scratch, Label then) {
    Label not = new Label();
    between(w, character, scratch, '0', '9', then);
    w.move32(scratch, character).arithmetic32(Arithmetic.OR, scratch, 0x20);
    between(w, scratch, scratch, 'a', 'z', then);
    w.compare32(character, MULTIPLICATION_SIGN).jumpIf(Condition.EQUAL, not);
    w.compare32(character, DIVISION_SIGN).jumpIf(Condition.EQUAL, not);
    w.compare32(character, FIRST_LATIN_1_LETTER).jumpIf(Condition.ABOVE_OR_EQUAL, then);
    w.bind(not);
  }

  /** What cannot end a conversion: no white space, no punctuation. */
  static void ifNoEnd(Writer w, Register character, Register scratch, Label then) {
    between(w, character, scratch, '\u007f', '\u009f', then);
    ifAlphanumeric(w, character, scratch, then);
  }

  /** A range, both ends included. */
  static void between(
      Writer w, Register character, Register scratch, char first, char last, Label then) {
    w.address32(scratch, Writer.at(character, -first)).compare32(scratch, last - first);
    w.jumpIf(Condition.BELOW_OR_EQUAL, then);
  }
}
