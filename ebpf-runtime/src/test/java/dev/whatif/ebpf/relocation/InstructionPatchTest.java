package dev.whatif.ebpf.relocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.isa.Slot;
import dev.whatif.ebpf.relocation.InstructionPatch.Outcome;
import dev.whatif.ebpf.relocation.InstructionPatch.Reason;
import org.junit.jupiter.api.Test;

class InstructionPatchTest {

  private static final int MOV64_IMM = 0xb7;
  private static final int MOV32_IMM = 0xb4;
  private static final int ADD64_REGISTER = 0x0f;
  private static final int LDX_W = 0x61;
  private static final int LDX_DW = 0x79;
  private static final int LDX_B = 0x71;
  private static final int LD_IMM64 = 0x18;
  private static final int EXIT = 0x95;

  @Test
  void anImmediateIsReplaced() {
    byte[] code = code(new Slot(MOV64_IMM, 1, 0, (short) 0, 48));
    assertThat(write(code, Answer.of(48, 52, true))).isEqualTo(new Outcome.Done(48, 52));
    assertThat(Slot.at(code, 0)).isEqualTo(new Slot(MOV64_IMM, 1, 0, (short) 0, 52));
  }

  @Test
  void anImmediateOf32BitsIsNeverCutOff() {
    byte[] wide = code(new Slot(MOV64_IMM, 1, 0, (short) 0, 0));
    assertRefused(write(wide, Answer.of(0, 1L << 31, true)), Reason.TARGET, "immediate of 32 bits");
    byte[] narrow = code(new Slot(MOV32_IMM, 1, 0, (short) 0, 0));
    assertThat(write(narrow, Answer.of(0, 0xffff_ffffL, true))).isInstanceOf(Outcome.Done.class);
    assertThat(Slot.at(narrow, 0).imm()).isEqualTo(-1);
    assertRefused(write(narrow, Answer.of(-1, 1L << 32, true)), Reason.TARGET, "immediate");
  }

  @Test
  void anInstructionThatHoldsSomethingElseIsLeftAlone() {
    byte[] code = code(new Slot(MOV64_IMM, 1, 0, (short) 0, 47));
    byte[] before = code.clone();
    assertRefused(
        write(code, Answer.of(48, 52, true)),
        Reason.OBJECT,
        "holds 47 where the object's types say 48");
    assertThat(code).isEqualTo(before);
    assertThat(write(code, Answer.of(48, 52, false))).isEqualTo(new Outcome.Done(47, 52));
  }

  @Test
  void anOffsetHas15Bits() {
    byte[] code = code(new Slot(LDX_W, 1, 2, (short) 8, 0));
    assertThat(write(code, Answer.of(8, 32767, true))).isEqualTo(new Outcome.Done(8, 32767));
    assertRefused(write(code, Answer.of(32767, 32768, true)), Reason.TARGET, "cannot hold 32768");
  }

  @Test
  void aLoadOfAnUnsignedNumberBecomesWider() {
    byte[] code = code(new Slot(LDX_W, 1, 2, (short) 8, 0));
    Answer answer = new Answer(8, 16, false, true, 4, 8, false);
    assertThat(write(code, answer)).isEqualTo(new Outcome.Done(8, 16));
    assertThat(Slot.at(code, 0)).isEqualTo(new Slot(LDX_DW, 1, 2, (short) 16, 0));
    assertThat(write(code, new Answer(16, 3, false, true, 8, 1, false)))
        .isEqualTo(new Outcome.Done(16, 3));
    assertThat(Slot.at(code, 0)).isEqualTo(new Slot(LDX_B, 1, 2, (short) 3, 0));
  }

  @Test
  void aLoadThatWouldReadSomethingElseIsPoisoned() {
    byte[] code = code(new Slot(LDX_W, 1, 2, (short) 8, 0));
    assertThat(write(code, new Answer(8, 16, false, true, 4, 8, true)))
        .isEqualTo(new Outcome.Poisoned());
    assertThat(Slot.at(code, 0)).isEqualTo(new Slot(0x85, 0, 0, (short) 0, 0xbad2310));
  }

  @Test
  void aLoadOfAnotherWidthThanTheFieldIsRefused() {
    byte[] code = code(new Slot(LDX_W, 1, 2, (short) 8, 0));
    assertRefused(
        write(code, new Answer(8, 16, false, true, 8, 4, false)),
        Reason.OBJECT,
        "accesses 4 bytes of a field of 8 bytes");
    assertRefused(
        write(code, new Answer(8, 16, false, true, 4, 12, false)),
        Reason.TARGET,
        "accesses a field that has 12 bytes in the target");
  }

  @Test
  void bothHalvesOfA64BitImmediateAreReplaced() {
    byte[] code = code(new Slot(LD_IMM64, 3, 0, (short) 0, 7), new Slot(0, 0, 0, (short) 0, 0));
    long after = -0x123456789abL;
    assertThat(write(code, Answer.of(7, after, true))).isEqualTo(new Outcome.Done(7, after));
    assertThat(Slot.at(code, 0).imm()).isEqualTo((int) after);
    assertThat(Slot.at(code, 1)).isEqualTo(new Slot(0, 0, 0, (short) 0, (int) (after >> 32)));
    assertThat(new InstructionPatch(code, 0).poison()).isEqualTo(new Outcome.Poisoned());
    assertThat(Slot.at(code, 1).imm()).isEqualTo(InstructionPatch.POISON);
  }

  @Test
  void otherInstructionsAreRefused() {
    Slot map = new Slot(LD_IMM64, 3, 1, (short) 0, 7);
    for (Slot slot :
        new Slot[] {
          new Slot(ADD64_REGISTER, 1, 2, (short) 0, 0),
          new Slot(EXIT, 0, 0, (short) 0, 0),
          new Slot(LD_IMM64, 3, 0, (short) 0, 7),
          map
        }) {
      // The first half of a 64-bit immediate at the end of the code is one, too.
      byte[] code = slot == map ? code(slot, new Slot(0, 0, 0, (short) 0, 0)) : code(slot);
      assertRefused(write(code, Answer.of(0, 1, false)), Reason.OBJECT, "no instruction that can");
    }
    byte[] last = code(new Slot(LD_IMM64, 3, 0, (short) 0, 7));
    assertThat(new InstructionPatch(last, 0).poison()).isEqualTo(new Outcome.Poisoned());
  }

  private static byte[] code(Slot... slots) {
    byte[] code = new byte[slots.length * Slot.BYTES];
    for (int i = 0; i < slots.length; i++) {
      slots[i].put(code, i);
    }
    return code;
  }

  private static Outcome write(byte[] code, Answer answer) {
    return new InstructionPatch(code, 0).write(answer);
  }

  private static void assertRefused(Outcome outcome, Reason reason, String why) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            r -> {
              assertThat(r.reason()).isEqualTo(reason);
              assertThat(r.why()).contains(why);
            });
  }
}
