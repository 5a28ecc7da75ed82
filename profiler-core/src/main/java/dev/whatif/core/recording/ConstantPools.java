package dev.whatif.core.recording;

/**
 * What events refer to by number: threads, stacks, methods, classes, symbols. Numbers are never
 * given twice in a recording, and a chunk holds exactly the constants that it uses. Not safe for
 * use by several threads.
 *
 * <p>Names, methods and threads stay for the life of the recording (the names within a limit of
 * memory, see {@link TextTable}). Stacks live in two generations: when the newer one is over its
 * limit at the end of a chunk, the older one is forgotten.
 */
final class ConstantPools {

  private static final int[] ZERO = {0};
  private static final String DESCRIPTOR = "()";
  private static final int INLINED = FrameType.INLINED.id();

  private final TextTable texts;
  private final PairTable classes = new PairTable();
  private final PairTable methods = new PairTable();
  private final ThreadTable threads;
  private final int stackLimit;
  private StackTable stacks = new StackTable(1);
  private StackTable olderStacks = stacks;

  private final UsedIds usedMethods = new UsedIds();
  private final UsedIds usedClasses = new UsedIds();
  private final UsedIds usedSymbols = new UsedIds();

  /**
   * Empty pools.
   *
   * @param textLimit bytes that names may take
   * @param frameLimit frames that a generation of stacks may take before the next one begins
   */
  ConstantPools(long textLimit, int frameLimit) {
    this.texts = new TextTable(textLimit);
    this.threads = new ThreadTable(texts);
    this.stackLimit = frameLimit * 3;
  }

  int thread(int pid, int tid, String processName, String threadName) {
    return threads.intern(pid, tid, processName, threadName);
  }

  int method(String object, String function, String sourceFile) {
    int type = classes.intern(texts.intern(ObjectName.toClass(object)), texts.intern(sourceFile));
    return methods.intern(type, texts.intern(function));
  }

  int stackTrace(
      int[] methodIds, int[] lines, int[] offsets, byte[] types, int depth, boolean truncated) {
    for (int i = 0; i < depth; i++) {
      if (methodIds[i] <= 0 || methodIds[i] > methods.count()) {
        throw new IllegalArgumentException("no method " + methodIds[i]);
      }
    }
    return stacks.intern(methodIds, lines, offsets, types, depth, truncated);
  }

  /** The pool id of a thread that the event refers to; 0, which means none, stays 0. */
  int useThread(int thread) {
    if (thread == 0) {
      return 0;
    }
    if (!threads.contains(thread)) {
      throw new IllegalArgumentException("no thread " + thread);
    }
    return threads.use(thread);
  }

  /** Notes a stack that an event refers to; roughly the bytes it adds to the chunk. */
  int useStackTrace(int id) {
    if (stacks.contains(id)) {
      return stacks.use(id);
    }
    if (olderStacks.contains(id)) {
      return olderStacks.use(id);
    }
    if (id == 0) {
      return 0;
    }
    throw noStack(id);
  }

  private static IllegalArgumentException noStack(int id) {
    return new IllegalArgumentException("no stack " + id + ": made too long ago, or never");
  }

  /**
   * The same stack when its leaf is in the kernel, else one with a nameless kernel frame on top.
   */
  int inKernel(int id) {
    if (id == 0) {
      return stacks.intern(
          new int[] {kernelMethod()}, ZERO, ZERO, new byte[] {FrameType.KERNEL.id()}, 1, false);
    }
    StackTable home = stacks.contains(id) ? stacks : olderStacks;
    if (!home.contains(id)) {
      throw noStack(id);
    }
    return home.leafType(id) == FrameType.KERNEL.id()
        ? id
        : stacks.internOnTop(kernelMethod(), FrameType.KERNEL.id(), home, id);
  }

  private int kernelMethod() {
    return method("[kernel]", "[kernel]", "");
  }

  /**
   * The pool id of a method in a frame. Methods inlined into their caller get one of their own:
   * jfrconv caches the name of a method from the first frame it sees, with the object for inlined
   * frames and without for native ones, so one id would be shown by chance one way or the other.
   */
  int useMethod(int method, int frameType) {
    int id = method << 1 | (frameType == INLINED ? 1 : 0);
    usedMethods.mark(id);
    return id;
  }

  /** How many times a name found no room. */
  long refusedNames() {
    return texts.refused();
  }

  /** Appends the checkpoint event with all constants in use, and begins anew. */
  void write(Leb128Buffer out, long ticks) {
    int start = out.size();
    out.skip(4);
    out.number(PoolTypes.CHECKPOINT_EVENT);
    out.number(ticks);
    out.number(0); // duration
    out.number(0); // no checkpoint before this one
    out.u8(0); // a checkpoint of no special kind
    int countAt = out.size();
    out.u8(0);
    // Each pool marks what it needs of the ones behind it. An empty pool is an error to the JDK.
    int pools = writeStacks(out) + writeMethods(out) + writeClasses(out);
    pools += writeThreads(out) + writeSymbols(out) + writeEnumerations(out);
    out.patchNumber1(countAt, pools);
    out.patchNumber4(start, out.size() - start);
    if (stacks.size() > stackLimit) {
      olderStacks = stacks;
      stacks = new StackTable(stacks.nextId());
    }
  }

  private int writeStacks(Leb128Buffer out) {
    boolean two = olderStacks != stacks;
    int count = stacks.usedCount() + (two ? olderStacks.usedCount() : 0);
    if (count == 0) {
      return 0;
    }
    out.number(PoolTypes.STACK_TRACE);
    out.number(count);
    stacks.writeUsed(out, this);
    if (two) {
      olderStacks.writeUsed(out, this);
    }
    return 1;
  }

  private int writeMethods(Leb128Buffer out) {
    if (usedMethods.count() == 0) {
      return 0;
    }
    int descriptor = symbol(texts.intern(DESCRIPTOR));
    out.number(PoolTypes.METHOD);
    out.number(usedMethods.count());
    for (int i = 0; i < usedMethods.count(); i++) {
      int id = usedMethods.id(i);
      int method = id >>> 1;
      int type = methods.first(method);
      usedClasses.mark(type);
      out.number(id);
      out.number(type);
      out.number(symbol(methods.second(method)));
      out.number(descriptor);
      out.number(0); // modifiers
      out.flag(false); // hidden
    }
    usedMethods.clear();
    return 1;
  }

  private int writeClasses(Leb128Buffer out) {
    if (usedClasses.count() == 0) {
      return 0;
    }
    out.number(PoolTypes.CLASS);
    out.number(usedClasses.count());
    for (int i = 0; i < usedClasses.count(); i++) {
      int type = usedClasses.id(i);
      out.number(type);
      out.number(0); // class loader
      out.number(symbol(classes.first(type)));
      out.number(0); // package
      out.number(0); // modifiers
      out.number(symbol(classes.second(type)));
    }
    usedClasses.clear();
    return 1;
  }

  private int writeThreads(Leb128Buffer out) {
    if (threads.usedCount() == 0) {
      return 0;
    }
    out.number(PoolTypes.THREAD);
    out.number(threads.usedCount());
    threads.writeUsed(out);
    out.number(PoolTypes.THREAD_GROUP);
    out.number(threads.usedProcessCount());
    threads.writeUsedProcesses(out);
    return 2;
  }

  private int writeSymbols(Leb128Buffer out) {
    if (usedSymbols.count() == 0) {
      return 0;
    }
    out.number(PoolTypes.SYMBOL);
    out.number(usedSymbols.count());
    for (int i = 0; i < usedSymbols.count(); i++) {
      out.number(usedSymbols.id(i));
      out.text(texts.text(usedSymbols.id(i)));
    }
    usedSymbols.clear();
    return 1;
  }

  private int symbol(int text) {
    usedSymbols.mark(text);
    return text;
  }

  /**
   * All frame types are always there: that a type 5 exists is how jfrconv tells a recording of
   * native code (async-profiler's) from one of the JVM, and decides that Native means C.
   */
  private static int writeEnumerations(Leb128Buffer out) {
    out.number(PoolTypes.FRAME_TYPE);
    out.number(FrameType.ALL.size());
    for (FrameType type : FrameType.ALL) {
      out.number(type.id());
      out.text(type.text());
    }
    out.number(PoolTypes.THREAD_STATE);
    out.number(1);
    out.number(SampleState.POOL_ID);
    out.text(SampleState.POOL_NAME);
    return 2;
  }
}
