/**
 * C sources that this module carries become programs where they run.
 *
 * <p>{@link dev.whatif.samples.program.SourceFolder} unpacks and compiles them with the machine's
 * own compiler, for its own C library, and takes everything away again.
 */
package dev.whatif.samples.program;
