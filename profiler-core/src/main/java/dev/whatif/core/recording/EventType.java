package dev.whatif.core.recording;

import dev.whatif.core.recording.TypeDescription.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A kind of event, declared as data: its name, what viewers show about it, and its fields, each
 * with a unit and the way to read it from a record. Declared once, in a constant; immutable, safe
 * for use by several threads.
 *
 * {@snippet :
 * static final EventType<WatchHit> WATCH_HIT =
 *     EventType.named("whatif.WatchHit", WatchHit::timeNanos)
 *         .label("Watchpoint Hit")
 *         .category("whatif", "Memory")
 *         .thread("thread", "Thread", WatchHit::thread)
 *         .stackTrace(WatchHit::stackTrace)
 *         .number("address", "Address", Unit.ADDRESS, WatchHit::address)
 *         .build();
 * }
 *
 * <p>All whole numbers are of JFR's type {@code long}.
 *
 * @param <E> the record that holds one event
 */
public final class EventType<E> {

  private final String name;
  private final List<Annotation> annotations;
  private final List<EventField<E>> fields;

  private EventType(Builder<E> builder) {
    this.name = builder.name;
    this.annotations = List.copyOf(builder.annotations);
    this.fields = List.copyOf(builder.fields);
  }

  /**
   * Begins a declaration.
   *
   * @param name as other tools know the event, for example {@code whatif.Mapping}
   * @param startNanos when it happened or began, {@code CLOCK_MONOTONIC} nanoseconds
   */
  public static <E> Builder<E> named(String name, ToLongFunction<? super E> startNanos) {
    return new Builder<E>(name).number("startTime", "Start Time", Unit.TIMESTAMP, startNanos);
  }

  /** As other tools know the event, for example {@code whatif.Mapping}. */
  public String name() {
    return name;
  }

  /** What the metadata says about it. */
  TypeDescription description(int id) {
    return new TypeDescription(
        id,
        name,
        TypeDescription.EVENT,
        false,
        fields.stream().map(EventField::description).toList(),
        annotations);
  }

  void encode(E event, Leb128Buffer out, ConstantPools pools) {
    for (int i = 0; i < fields.size(); i++) {
      fields.get(i).encoder().encode(event, out, pools);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * Collects what an event type is made of; fields are written in the order of these calls.
   *
   * @param <E> the record that holds one event
   */
  public static final class Builder<E> {

    private final String name;
    private final List<Annotation> annotations = new ArrayList<>();
    private final List<EventField<E>> fields = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    /** How viewers call the event, in title case. */
    public Builder<E> label(String label) {
      annotations.add(Annotation.of(Annotation.LABEL, label));
      return this;
    }

    /** A sentence about it. */
    public Builder<E> description(String description) {
      annotations.add(Annotation.of(Annotation.DESCRIPTION, description));
      return this;
    }

    /** Where viewers put it in their tree, outermost first. */
    public Builder<E> category(String... path) {
      annotations.add(Annotation.of(Annotation.CATEGORY, path));
      return this;
    }

    /** How long it took, in nanoseconds; right behind the start time, or not at all. */
    public Builder<E> duration(ToLongFunction<? super E> nanos) {
      if (fields.size() != 1) {
        throw new IllegalStateException("the duration of " + name + " must be its second field");
      }
      return number("duration", "Duration", Unit.TICKS, nanos);
    }

    /** A whole number. */
    public Builder<E> number(
        String field, String label, Unit unit, ToLongFunction<? super E> value) {
      return add(
          new Field(field, PoolTypes.LONG, false, false, annotated(label, unit)),
          (event, out, pools) -> out.number(value.applyAsLong(event)));
    }

    /** A number with a fraction. */
    public Builder<E> real(
        String field, String label, Unit unit, ToDoubleFunction<? super E> value) {
      return add(
          new Field(field, PoolTypes.DOUBLE, false, false, annotated(label, unit)),
          (event, out, pools) -> out.real(value.applyAsDouble(event)));
    }

    /** Yes or no. */
    public Builder<E> flag(String field, String label, Predicate<? super E> value) {
      return add(
          new Field(field, PoolTypes.BOOLEAN, false, false, annotated(label, Unit.NONE)),
          (event, out, pools) -> out.flag(value.test(event)));
    }

    /**
     * Text, which may be null. Stored with every event: for what repeats a lot, use an own pool.
     */
    public Builder<E> text(
        String field, String label, Function<? super E, @Nullable String> value) {
      return add(
          new Field(field, PoolTypes.STRING, false, false, annotated(label, Unit.NONE)),
          (event, out, pools) -> {
            String text = value.apply(event);
            if (text == null) {
              out.nullText();
            } else {
              out.text(text);
            }
          });
    }

    /** A thread, as {@link Recorder#thread} returned it; 0 for none. */
    public Builder<E> thread(String field, String label, ToIntFunction<? super E> thread) {
      return add(
          new Field(field, PoolTypes.THREAD, true, false, annotated(label, Unit.NONE)),
          (event, out, pools) -> out.number(pools.useThread(thread.applyAsInt(event))));
    }

    /**
     * A stack, as {@link Recorder#stackTrace} returned it, in the field viewers look for; 0: none.
     */
    public Builder<E> stackTrace(ToIntFunction<? super E> stackTrace) {
      return add(
          new Field(
              "stackTrace",
              PoolTypes.STACK_TRACE,
              true,
              false,
              annotated("Stack Trace", Unit.NONE)),
          (event, out, pools) -> {
            int id = stackTrace.applyAsInt(event);
            pools.useStackTrace(id);
            out.number(id);
          });
    }

    /** A field of any stored type. */
    Builder<E> add(Field field, EventField.Encoder<E> encoder) {
      fields.add(new EventField<>(field, encoder));
      return this;
    }

    /** The finished type. */
    public EventType<E> build() {
      return new EventType<>(this);
    }

    static List<Annotation> annotated(String label, Unit unit) {
      List<Annotation> list = new ArrayList<>();
      list.add(Annotation.of(Annotation.LABEL, label));
      String type = unit.annotation();
      if (type != null) {
        String value = unit.value();
        list.add(value == null ? Annotation.of(type) : Annotation.of(type, value));
      }
      return list;
    }
  }
}
