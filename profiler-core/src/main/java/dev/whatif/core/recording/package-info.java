/**
 * The recording: one JFR file that holds everything a run measured, written by whatif's own
 * streaming chunk writer and opened by JDK Mission Control, {@code jfr print} and jfrconv alike.
 *
 * <p><b>Writing.</b> {@link dev.whatif.core.recording.Recorder} is the sink of every source. Events
 * are declared as data: an {@link dev.whatif.core.recording.EventType} names the event, its fields
 * and their units and knows how to read them from a record; {@link
 * dev.whatif.core.recording.EventCatalogue} holds those of this module, other modules declare their
 * own and hand them to {@link dev.whatif.core.recording.Recorder#write}. Times are {@code
 * CLOCK_MONOTONIC} nanoseconds ({@link System#nanoTime()} on Linux); the chunk header maps them to
 * the wall clock.
 *
 * <p><b>Chunks.</b> A chunk ({@link dev.whatif.core.recording.ChunkHeader}) is a complete small
 * recording: events, the constants they refer to (threads, methods, stacks), and the description of
 * their types. It is put together in memory and appended in one write about every two seconds, so
 * that killing the recorder loses at most the last chunk, and a full disk leaves whole chunks.
 *
 * <p><b>A torn end.</b> A recorder killed in the middle of its write leaves the beginning of a
 * chunk. {@link dev.whatif.core.recording.Recording}, JMC and jfrconv leave that out; {@code jfr
 * print} and {@code jfr summary} refuse the whole file until it is cut with {@code truncate}, and
 * {@link dev.whatif.core.recording.Recording#damage} says where.
 *
 * <p><b>Reading.</b> {@link dev.whatif.core.recording.Recording} checks the chain of chunks first,
 * stops in order at a torn last one, and reads the rest with {@code jdk.jfr.consumer}. It opens
 * recordings of the JVM and of async-profiler too.
 *
 * <p>There is no specification of the format. Sources: OpenJDK {@code jdk.jfr.internal.consumer}
 * and {@code src/hotspot/share/jfr/recorder/checkpoint}; JMC {@code
 * flightrecorder.internal.parser.v1}; async-profiler {@code one.jfr.JfrReader}, which reads several
 * types by position and not by description ({@link dev.whatif.core.recording.PoolTypes} says
 * which).
 */
package dev.whatif.core.recording;
