package dev.whatif.core.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Objdump;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import dev.whatif.testing.RequiresHook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** objdump reads what was emitted, whatever the operands are. */
@Requires(Requirement.BINUTILS)
@AddLifecycleHook(RequiresHook.class)
class EmitterProperties {

  private static final int INSTRUCTIONS = 1000;

  @Property(tries = 20, edgeCases = net.jqwik.api.EdgeCasesMode.NONE)
  void objdumpReadsWhatWasEmitted(@ForAll long seed) {
    RandomInstructions instructions = new RandomInstructions(seed);
    for (int i = 0; i < INSTRUCTIONS; i++) {
      instructions.add();
    }
    assertThat(Objdump.read(instructions.code(), 0))
        .containsExactlyElementsOf(instructions.texts());
  }

  /** Jumps among instructions of random length, to and fro. */
  @Property(tries = 20, edgeCases = net.jqwik.api.EdgeCasesMode.NONE)
  void jumpsAreAsShortAsTheyReach(@ForAll long seed) {
    int places = 200;
    List<Integer> offsets = new ArrayList<>(Collections.nCopies(places, 0));
    List<Integer> targets = new ArrayList<>();
    byte[] code =
        Emitter.shortest(
            0,
            e -> {
              Random random = new Random(seed);
              targets.clear();
              List<Label> labels = new ArrayList<>();
              for (int i = 0; i < places; i++) {
                labels.add(new Label());
              }
              for (int i = 0; i < places; i++) {
                offsets.set(i, e.offset());
                e.bind(labels.get(i));
                int target = Math.clamp(i + random.nextInt(21) - 10, 0, places - 1);
                targets.add(target);
                if (random.nextBoolean()) {
                  e.jump(labels.get(target));
                } else {
                  e.jumpIf(Condition.LESS, labels.get(target));
                }
                e.data(new byte[] {(byte) 0x90}); // nop, so that blocks are of many lengths
                for (int n = random.nextInt(24); n > 0; n--) {
                  e.data(new byte[] {(byte) 0x90});
                }
                if (random.nextInt(10) == 0) {
                  e.alignReachable(32);
                }
              }
            });
    List<String> jumps = Objdump.read(code, 0).stream().filter(l -> l.startsWith("j")).toList();
    assertThat(jumps).hasSize(places);
    for (int i = 0; i < places; i++) {
      assertThat(jumps.get(i)).endsWith(" 0x" + Integer.toHexString(offsets.get(targets.get(i))));
      int distance = offsets.get(targets.get(i)) - (offsets.get(i) + 2);
      boolean isShort =
          (code[offsets.get(i)] & 0xf0) == 0x70 || code[offsets.get(i)] == (byte) 0xeb;
      if (isShort) {
        assertThat(distance).isBetween(-128, 127);
      } else {
        // alignment may have moved it into reach after it was found to be too far
        assertThat(Math.abs(distance)).isGreaterThan(127 - 32 - 6);
      }
    }
  }
}
