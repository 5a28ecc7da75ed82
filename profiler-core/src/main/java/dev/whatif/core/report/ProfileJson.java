package dev.whatif.core.report;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a {@link Profile} as JSON: {@code samples} and tables {@code functions}, {@code lines},
 * {@code threads}. {@code self} and {@code total} are counts of samples; their share is the
 * fraction of {@code samples}. Whoever adds counts of several reports gets right numbers, which
 * adding fractions would not give.
 */
public final class ProfileJson {

  private ProfileJson() {}

  /** Adds the fields; all rows, not only the top. */
  public static void write(Profile profile, ObjectNode report) {
    report.put("samples", profile.samples());
    report.put("kernelSamples", profile.kernelSamples());
    report.put("truncatedStacks", profile.truncated());
    ArrayNode functions = report.putArray("functions");
    for (FunctionCost f : profile.functions()) {
      functions
          .addObject()
          .put("function", f.function())
          .put("object", f.object())
          .put("self", f.self())
          .put("total", f.total());
    }
    ArrayNode lines = report.putArray("lines");
    for (LineCost l : profile.lines()) {
      lines
          .addObject()
          .put("file", l.file())
          .put("line", l.line())
          .put("self", l.self())
          .put("total", l.total());
    }
    ArrayNode threads = report.putArray("threads");
    for (ThreadCost t : profile.threads()) {
      threads
          .addObject()
          .put("processId", t.processId())
          .put("processName", t.processName())
          .put("threadId", t.threadId())
          .put("name", t.name())
          .put("samples", t.samples());
    }
  }
}
