/**
 * What a recording says, for eyes and for scripts: the CPU profile as a text for a terminal, as
 * JSON, as a flame graph, and in the formats of other tools.
 *
 * <p>Everything here reads recordings only. {@link dev.whatif.core.report.ProfileCounter} counts
 * samples into a {@link dev.whatif.core.report.Profile}; {@link dev.whatif.core.report.ProfileText}
 * and {@link dev.whatif.core.report.ProfileJson} show one; each {@link
 * dev.whatif.core.report.RecordingExport} is another tool's format. Counts are counts of samples,
 * never scaled: who wants shares divides by {@link dev.whatif.core.report.Profile#samples()}, and
 * the report says by how many. Names come from hostile files and are cleaned of control characters
 * before they reach a terminal ({@link dev.whatif.core.report.Terminal}).
 */
package dev.whatif.core.report;
