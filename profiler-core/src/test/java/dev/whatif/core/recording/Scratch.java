package dev.whatif.core.recording;

import java.nio.file.*;

class Scratch {
  public static void main(String[] a) throws Exception {
    Path p = Path.of(a[0]);
    Files.deleteIfExists(p);
    ExampleRecording.write(p);
    try (Recording r = Recording.open(p)) {
      System.out.println(
          r.chunks()
              + " "
              + r.environment()
              + r.losses()
              + r.costs()
              + r.mappings()
              + r.start()
              + r.duration());
      r.samples().limit(6).forEach(System.out::println);
    }
  }
}
