package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.jit.InvocationLayout;

/**
 * bpf_get_prandom_u32: the time stamp counter, the thread's number and a counter in the invocation
 * block, mixed by the finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA'14). Threads share nothing. Not for secrets, as the
 * kernel's is not; rdrand, which costs a thousand cycles and more on some CPUs, is not used.
 */
final class RandomNumber {

  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;
  private static final long MIX_1 = 0xbf58_476d_1ce4_e5b9L;
  private static final long MIX_2 = 0x94d0_49bb_1331_11ebL;

  private static final Memory COUNTER = at(R12, InvocationLayout.SCRATCH_OFFSET);

  private final Writer w;

  RandomNumber(Writer writer) {
    this.w = writer;
  }

  void next() {
    w.timeStamp().move(RCX, GOLDEN_GAMMA).add(RCX, COUNTER).store(COUNTER, RCX);
    w.add(RAX, RCX).load(RCX, at(R12, InvocationLayout.PID_TGID_OFFSET)).shiftLeft(RCX, 40);
    w.arithmetic(Arithmetic.XOR, RAX, RCX);
    mix(30, MIX_1);
    mix(27, MIX_2);
    fold(31);
    w.move32(RAX, RAX).ret();
  }

  private void mix(int shift, long factor) {
    fold(shift);
    w.move(RDX, factor).e.multiply(OperandSize.BITS64, RAX, RDX);
  }

  private void fold(int shift) {
    Register shifted = RDX;
    w.move(shifted, RAX).shiftRight(shifted, shift).arithmetic(Arithmetic.XOR, RAX, shifted);
  }
}
