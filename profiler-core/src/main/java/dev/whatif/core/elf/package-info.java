/**
 * Executable and Linkable Format files of x86-64: headers, sections, segments, symbols, notes.
 *
 * <p>Everything read here may be hostile: a file is mapped, every access is checked against its
 * size through {@link dev.whatif.core.elf.ByteCursor}, counts are bounded by the bytes that would
 * hold them, and damage is a {@link dev.whatif.core.failure.BadDataException} that names the file
 * and the offset. Sources: System V ABI chapters 4 and 5, the x86-64 psABI, {@code
 * include/uapi/linux/elf.h}. Start at {@link dev.whatif.core.elf.ElfFile}.
 */
package dev.whatif.core.elf;
