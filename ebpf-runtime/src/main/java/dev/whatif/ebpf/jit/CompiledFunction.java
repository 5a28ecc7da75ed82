package dev.whatif.ebpf.jit;

/**
 * What is known of a function before its code is emitted.
 *
 * @param flow of its instructions
 * @param bits of its registers
 * @param slots what of its stack is in registers
 * @param frame on the machine's stack
 * @param movesInvocation whether it is called from outside, with the invocation block in rdx
 */
record CompiledFunction(
    Flow flow, ValueAnalysis bits, SlotRegisters slots, Frame frame, boolean movesInvocation) {}
