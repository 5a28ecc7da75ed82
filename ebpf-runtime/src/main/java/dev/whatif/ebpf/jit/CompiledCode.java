package dev.whatif.ebpf.jit;

import dev.whatif.core.x86.CpuFeature;
import java.util.List;
import java.util.Set;

/**
 * Machine code that runs at any address once its literals are filled. Arrays are not copies and not
 * to be changed.
 *
 * @param bytes code, and room for the literals, which begin at a multiple of 8
 * @param literals what to fill in
 * @param entry offset of {@code u64 entry(void *context, u64 length, struct invocation *)}, System
 *     V ABI
 * @param slotOffsets where the code of each slot of the program begins; the same for slots that
 *     became one instruction
 * @param features what the CPU must have
 */
public record CompiledCode(
    byte[] bytes, List<Literal> literals, int entry, int[] slotOffsets, Set<CpuFeature> features) {}
