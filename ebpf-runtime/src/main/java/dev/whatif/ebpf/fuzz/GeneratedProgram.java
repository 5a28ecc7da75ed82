package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.verifier.Program;

/**
 * A random program.
 *
 * @param program what it is
 * @param comparable whether it does the same wherever it runs; one with mistakes may show an
 *     address
 */
public record GeneratedProgram(Program program, boolean comparable) {}
