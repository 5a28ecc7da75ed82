package dev.whatif.core.recording;

/**
 * The thread of a sample.
 *
 * @param processId its process, or 0 when the recording does not say (recordings of a JVM)
 * @param processName name of the process, or the empty string
 * @param threadId kernel id, or 0
 * @param name name of the thread, or the empty string
 */
public record SampledThread(int processId, String processName, int threadId, String name) {

  static final SampledThread UNKNOWN = new SampledThread(0, "", 0, "");
}
