package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.object.SectionKind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An object in the kernel. Closing it detaches and lets everything go. Attaching is for one thread
 * at a time; the rest for any.
 */
public final class LoadedObject implements AutoCloseable {

  private final Map<String, KernelMap> maps;
  private final Map<String, KernelProgram> programs;
  private final Map<String, ProgramDefinition> definitions;
  private final List<StructOpsTable> tables;
  private final List<KernelObject> inOrder;
  private final Map<String, KernelLink> links = new LinkedHashMap<>();

  LoadedObject(
      Map<String, KernelMap> maps,
      Map<String, KernelProgram> programs,
      Map<String, ProgramDefinition> definitions,
      List<StructOpsTable> tables,
      List<KernelObject> inOrder) {
    this.maps = Collections.unmodifiableMap(maps);
    this.programs = Collections.unmodifiableMap(programs);
    this.definitions = definitions;
    this.tables = List.copyOf(tables);
    this.inOrder = List.copyOf(inOrder);
  }

  /** By name, in the object's order: those of {@code .maps}, of global data, of struct_ops. */
  public Map<String, KernelMap> maps() {
    return maps;
  }

  /** A map by its name. */
  public KernelMap map(String name) {
    return chosen("map", name, maps);
  }

  /** By name, in the object's order. */
  public Map<String, KernelProgram> programs() {
    return programs;
  }

  /** A program by its name. */
  public KernelProgram program(String name) {
    return chosen("program", name, programs);
  }

  /**
   * What is attached, by the name of the program or of the struct_ops map; with {@code @PLACE} when
   * the section does not say where, with {@code #2} when it is attached once more.
   */
  public Map<String, KernelLink> links() {
    return Collections.unmodifiableMap(links);
  }

  /** The section a program was in. */
  public String section(String program) {
    return definition(program).section();
  }

  /** What that section's name says. */
  public SectionKind kind(String program) {
    return definition(program).kind();
  }

  /**
   * Attaches a program where its section says.
   *
   * @return empty when the section names no place (perf_event, xdp, socket, syscall...)
   * @throws UnavailableException when it names one of a kind that is not attached here (kprobe,
   *     usdt, iter...)
   */
  public Optional<KernelLink> attach(String program) {
    Optional<KernelLink> link = SectionPlace.attach(program(program), definition(program).kind());
    link.ifPresent(l -> keep(program, l));
    return link;
  }

  /** Attaches a program somewhere else; the link is closed with the object. */
  public KernelLink attach(String program, EventPlace place, long cookie) {
    KernelLink link = KernelLink.event(program(program), place, cookie);
    keep(program + "@" + place, link);
    return link;
  }

  /** The same place twice is two links: both are closed with the object. */
  private void keep(String name, KernelLink link) {
    String free = name;
    for (int i = 2; links.containsKey(free); i++) {
      free = name + "#" + i;
    }
    links.put(free, link);
  }

  /**
   * Attaches all programs whose sections name a place, and registers struct_ops. When one fails,
   * what was attached before stays so until this is closed.
   */
  public Map<String, KernelLink> attachAll() {
    for (String program : programs.keySet()) {
      if (!links.containsKey(program)) {
        attach(program);
      }
    }
    registerAll();
    return links();
  }

  /** Registers the tables of operations that are not registered yet: a part of attachAll. */
  public void registerAll() {
    for (StructOpsTable table : tables) {
      if (!links.containsKey(table.map().name())) {
        links.put(table.map().name(), table.register());
      }
    }
  }

  @Override
  public void close() {
    detach();
    closeAll(inOrder);
  }

  /**
   * All at the same time: the kernel waits for a grace period for each, which takes long when all
   * CPUs are busy, and one is enough for all.
   */
  private void detach() {
    try (ExecutorService closing =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("whatif-detach").factory())) {
      links.values().forEach(link -> closing.execute(link::close));
    }
    links.clear();
  }

  /** The last first. */
  static void closeAll(List<? extends KernelObject> objects) {
    for (KernelObject object : objects.reversed()) {
      object.close();
    }
  }

  private ProgramDefinition definition(String program) {
    return chosen("program", program, definitions);
  }

  private static <T> T chosen(String what, String name, Map<String, T> all) {
    T found = all.get(name);
    if (found == null) {
      throw new UsageException(
          "the object has no %s '%s'".formatted(what, name), "choose among " + all.keySet());
    }
    return found;
  }
}
