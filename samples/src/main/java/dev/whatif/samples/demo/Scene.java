package dev.whatif.samples.demo;

import dev.whatif.core.process.Target;
import java.time.Duration;
import java.util.List;

/** A system under load that the demo looks at; {@link #close()} takes everything away again. */
interface Scene extends AutoCloseable {

  /** What it is and what it does, in a sentence for people. */
  String said();

  /** Its name and options, as a fact of the recording. */
  String workload();

  /** All of its processes: the system that is asked about. */
  Target system();

  /** The process whose CPU profile is taken. */
  Target server();

  /** What the system passes once for every unit of work, as users write places. */
  String progress();

  /** Code that no region is made of, as users write globs. */
  List<String> excluded();

  /** Whether all of its processes are there. */
  boolean running();

  /** Keeps it alive that long while the JVM shuts down, until it is closed. */
  void outliveShutdown(Duration patience);

  @Override
  void close();
}
