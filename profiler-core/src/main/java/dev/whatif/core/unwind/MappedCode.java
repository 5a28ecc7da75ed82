package dev.whatif.core.unwind;

import dev.whatif.core.process.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * A mapping together with what is known about the code in it.
 *
 * @param mapping compared by identity: mappings are immutable
 * @param table null when there is none
 * @param bias what to add to an address of the process to get the file's own
 */
record MappedCode(Mapping mapping, @Nullable UnwindTable table, long bias) {}
