package dev.whatif.ebpf.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.failure.BadDataException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class InstructionProperties {

  @Provide
  Arbitrary<Instruction> instructions() {
    return Instructions.any();
  }

  @Property
  void decodingIsTheInverseOfEncoding(
      @ForAll("instructions") Instruction first, @ForAll("instructions") Instruction second) {
    List<Instruction> both = List.of(first, second);
    assertThat(Instruction.decode(Instruction.encode(both))).isEqualTo(both);
  }

  @Property
  void everyDialectReadsWhatItWrites(@ForAll("instructions") Instruction instruction) {
    for (Dialect dialect : Dialect.values()) {
      String text = Disassembler.of(dialect).text(instruction);
      // LLVM's text does not tell calls of functions from calls of helpers.
      if (dialect == Dialect.CONFORMANCE || !(instruction instanceof Instruction.CallLocal)) {
        assertThat(Assembler.assemble("text", text, dialect).instructions())
            .as(text)
            .containsExactly(instruction);
      }
    }
  }

  /** All opcodes, with the other fields mostly empty: whatever decodes encodes to itself. */
  @Example
  void noEncodingHasASecondMeaning() {
    RandomSlots slots = new RandomSlots(1);
    int decoded = 0;
    Set<Class<?>> kinds = new HashSet<>();
    for (int round = 0; round < 120_000; round++) {
      byte[] bytes = slots.next();
      try {
        Instruction instruction = Instruction.at(bytes, 0);
        byte[] again = Instruction.encode(List.of(instruction));
        assertThat(again).isEqualTo(Arrays.copyOf(bytes, again.length));
        kinds.add(instruction.getClass());
        decoded++;
      } catch (BadDataException e) {
        assertThat(e).hasMessageStartingWith("slot 0 (");
      }
    }
    assertThat(decoded).isBetween(8_000, 100_000);
    assertThat(kinds).hasSameSizeAs(Instruction.class.getPermittedSubclasses());
  }

  @Property
  void anyBytesAreAProgramOrBadData(@ForAll byte[] bytes) {
    try {
      assertThat(Code.decode(bytes).bytes()).isEqualTo(bytes);
    } catch (BadDataException e) {
      assertThat(e.getMessage()).containsAnyOf("slot ", "whole slots");
    }
  }

  @Property
  void anyTextIsAProgramOrBadData(@ForAll String text) {
    for (Dialect dialect : Dialect.values()) {
      try {
        Assembler.assemble("text", text, dialect);
      } catch (BadDataException e) {
        assertThat(e).hasMessageStartingWith("text:");
      }
    }
  }

  /** Damaged programs: refused with a place, or understood. */
  @Example
  void anyMutationOfATextIsAProgramOrBadData() {
    Random random = new Random(2);
    List<String> texts =
        SuiteCases.good().map(c -> Disassembler.of(Dialect.LLVM).program(c.assembled())).toList();
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "rw0x9-+*()=<>s l\n,;:".charAt(random.nextInt(20)));
          default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
        }
      }
      try {
        Assembler.assemble("text", text.toString(), Dialect.LLVM);
      } catch (BadDataException e) {
        assertThat(e).hasMessageStartingWith("text:");
      }
    }
  }
}
