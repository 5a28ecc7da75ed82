package dev.whatif.core.report;

import dev.whatif.core.recording.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import one.convert.Arguments;
import one.convert.CallStack;
import one.convert.FlameGraph;

/**
 * A flame graph as one HTML file: script, style and data inside, nothing is fetched. The page is
 * async-profiler's (jfr-converter); the stacks are read by whatif, because jfr-converter's own
 * reader stops at a torn end and takes inlined native functions for Java methods.
 */
public final class FlameGraphHtml implements RecordingExport {

  /** Without state. */
  public FlameGraphHtml() {}

  @Override
  public String format() {
    return "flamegraph";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public void write(StackCounts stacks, OutputStream out) throws IOException {
    Arguments arguments = new Arguments();
    arguments.output = "html";
    arguments.title =
        "%s: %s samples of CPU time"
            .formatted(escaped(stacks.title()), ProfileText.count(stacks.samples()));
    FlameGraph graph = new FlameGraph(arguments);
    CallStack stack = new CallStack();
    stacks
        .counts()
        .forEach((frames, samples) -> {
          for (Frame f : frames.reversed()) {
            stack.push(harmless(ProfileReading.shown(f).function()), f.type().id());
          }
          graph.addSample(stack, samples);
          stack.clear();
        });
    // It prints to a stream that forgets failures.
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    graph.dump(page);
    page.writeTo(out);
  }

  /** The names stand in a script element: nothing in them may end it or begin a comment. */
  private static String harmless(String name) {
    return Terminal.clean(name).replace("</", "< /").replace("<!", "< !");
  }

  private static String escaped(String text) {
    return Terminal.clean(text).replace("&", "&amp;").replace("<", "&lt;");
  }
}
