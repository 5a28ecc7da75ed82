package dev.whatif.core.place;

/**
 * An instruction at which a probe counts that a place was reached.
 *
 * @param file that it lies in
 * @param offset in the file of the instruction's first byte
 * @param semaphoreOffset of a static probe: offset in the file of the 16-bit counter that its
 *     program looks at to know whether somebody listens, 0 when it has none
 * @param arguments of a static probe: where its arguments are, {@code -4@%edi 8@(%rsp)} (sys/sdt.h,
 *     "SystemTap user-space probe mark implementation"); else empty
 */
public record ProbeSite(CodeFile file, long offset, long semaphoreOffset, String arguments) {}
