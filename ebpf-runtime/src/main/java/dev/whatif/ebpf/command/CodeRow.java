package dev.whatif.ebpf.command;

import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Instruction;
import dev.whatif.ebpf.object.CodeLabel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instruction and what is known of it.
 *
 * @param bytes 8, or 16
 * @param text {@code <unknown>} when it is none
 * @param problem why it is none
 * @param labels the symbols here
 * @param reference what a relocation puts in
 * @param helper what the kernel calls the helper it calls
 * @param source the source line that begins here
 */
record CodeRow(
    int slot,
    byte[] bytes,
    @Nullable Instruction instruction,
    String text,
    @Nullable String problem,
    List<CodeLabel> labels,
    @Nullable String reference,
    @Nullable String helper,
    @Nullable LineInfo source) {}
