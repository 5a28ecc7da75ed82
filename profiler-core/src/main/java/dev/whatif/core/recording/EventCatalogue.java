package dev.whatif.core.recording;

import dev.whatif.core.recording.TypeDescription.Field;
import java.util.List;

/** The events of this module. Every recording describes them, whether it holds any or not. */
public final class EventCatalogue {

  /** A fact about the machine, the target or the run. */
  public static final EventType<Environment> ENVIRONMENT =
      EventType.named("whatif.Environment", Environment::timeNanos)
          .label("Environment")
          .description("A fact about the machine, the target or the run")
          .category("whatif")
          .text("key", "Key", Environment::key)
          .text("value", "Value", Environment::value)
          .build();

  /** A range of addresses and the file behind it. */
  public static final EventType<MappingEvent> MAPPING =
      EventType.named("whatif.Mapping", MappingEvent::timeNanos)
          .label("Mapping")
          .description("A range of a process's addresses and the file behind it")
          .category("whatif", "Process")
          .number("processId", "Process Identifier", Unit.NONE, MappingEvent::processId)
          .number("start", "Start Address", Unit.ADDRESS, MappingEvent::start)
          .number("size", "Size", Unit.BYTES, MappingEvent::size)
          .number("fileOffset", "File Offset", Unit.BYTES, MappingEvent::fileOffset)
          .text("path", "Path", MappingEvent::path)
          .text("buildId", "Build ID", MappingEvent::buildId)
          .build();

  /** Something that was dropped. */
  public static final EventType<Loss> LOSS =
      EventType.named("whatif.Loss", Loss::timeNanos)
          .label("Loss")
          .description("What was dropped, and how much of it")
          .category("whatif")
          .text("source", "Source", Loss::source)
          .text("reason", "Reason", Loss::reason)
          .number("count", "Count", Unit.NONE, Loss::count)
          .number("processId", "Process Identifier", Unit.NONE, Loss::processId)
          .build();

  /** What the profiler itself took. */
  public static final EventType<Cost> COST =
      EventType.named("whatif.Cost", Cost::timeNanos)
          .label("Cost")
          .description("What a part of the profiler itself took")
          .category("whatif")
          .text("part", "Part", Cost::part)
          .number("cpuNanos", "CPU Time", Unit.NANOSECONDS, Cost::cpuNanos)
          .number("wallNanos", "Wall Time", Unit.NANOSECONDS, Cost::wallNanos)
          .build();

  /**
   * A thread found running by the sampler. jfrconv reads the first four fields by position:
   * startTime, sampledThread, stackTrace, state.
   */
  static final EventType<ExecutionSample> EXECUTION_SAMPLE =
      EventType.named("jdk.ExecutionSample", ExecutionSample::timeNanos)
          .label("CPU Sample")
          .description("A thread found running by the sampler")
          .category("whatif", "CPU")
          .thread("sampledThread", "Thread", ExecutionSample::thread)
          .stackTrace(ExecutionSample::stackTrace)
          .add(
              new Field(
                  "state",
                  PoolTypes.THREAD_STATE,
                  true,
                  false,
                  List.of(Annotation.of(Annotation.LABEL, "Thread State"))),
              (event, out, pools) -> out.number(SampleState.POOL_ID))
          .build();

  /** All of them. */
  static final List<EventType<?>> ALL = List.of(EXECUTION_SAMPLE, ENVIRONMENT, MAPPING, LOSS, COST);

  private EventCatalogue() {}
}
