package dev.whatif.core.symbol;

/**
 * One function at one place, as a reader of the program would name it.
 *
 * @param function demangled name; {@code 0x7f0012345678} or {@code [libfoo.so]+0x1234} when unknown
 * @param object last component of the file's path ({@code redis-server}, {@code libc.so.6}), {@code
 *     [kernel]}, {@code [vdso]}, a kernel module in brackets, {@code perf-1234.map}, {@code [anon]}
 *     for memory without a file, {@code [unknown]} for an address outside all mappings
 * @param file full path of the source file, "" when unknown
 * @param line in that file from 1 on, 0 when unknown
 * @param kind what kind of code it is
 * @param offset the address less the start of the physical function, bytes; 0 when the function is
 *     unknown
 */
public record SourceFrame(
    String function, String object, String file, int line, FrameKind kind, int offset) {}
