package dev.whatif.core.recording;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The threads and processes of a recording. Not safe for use by several threads.
 *
 * <p>The pool id of a thread is its kernel thread id where that is still free: jfrconv prints the
 * pool id as "tid". A reused or renamed thread gets an id above every possible thread id.
 */
final class ThreadTable {

  /** {@code PID_MAX_LIMIT}, {@code include/linux/threads.h}. */
  private static final int LARGEST_TID = 4 * 1024 * 1024;

  private final TextTable texts;
  private final PairTable kernelIds = new PairTable();
  private final PairTable names = new PairTable();
  private final PairTable threads = new PairTable();
  private final PairTable processes = new PairTable();
  private int[] poolIds = new int[64];
  private final BitSet taken = new BitSet();
  private int nextPoolId = LARGEST_TID + 1;
  private final UsedIds used = new UsedIds();
  private final UsedIds usedProcesses = new UsedIds();

  ThreadTable(TextTable texts) {
    this.texts = texts;
  }

  int intern(int pid, int tid, String processName, String threadName) {
    int ids = kernelIds.intern(pid, tid);
    int name = names.intern(texts.intern(processName), texts.intern(threadName));
    int before = threads.count();
    int thread = threads.intern(ids, name);
    if (thread > before) {
      if (thread >= poolIds.length) {
        poolIds = Arrays.copyOf(poolIds, thread * 2);
      }
      poolIds[thread] = newPoolId(tid);
    }
    return thread;
  }

  private int newPoolId(int tid) {
    if (tid <= 0 || tid > LARGEST_TID || taken.get(tid)) {
      return nextPoolId++;
    }
    taken.set(tid);
    return tid;
  }

  boolean contains(int thread) {
    return thread > 0 && thread <= threads.count();
  }

  /** Notes that the chunk refers to a thread; its pool id. */
  int use(int thread) {
    used.mark(thread);
    return poolIds[thread];
  }

  int usedCount() {
    return used.count();
  }

  int usedProcessCount() {
    return usedProcesses.count();
  }

  /** Writes the pool entries of the used threads and forgets the use; marks their processes. */
  void writeUsed(Leb128Buffer out) {
    for (int i = 0; i < used.count(); i++) {
      int thread = used.id(i);
      int ids = threads.first(thread);
      int name = threads.second(thread);
      int process = processes.intern(kernelIds.first(ids), names.first(name));
      usedProcesses.mark(process);
      String threadName = texts.text(names.second(name));
      out.number(poolIds[thread]);
      out.text(threadName);
      out.number(kernelIds.second(ids));
      out.text(threadName);
      out.number(0); // javaThreadId: none, so that jfr print shows the osThreadId
      out.number(process);
      out.number(kernelIds.first(ids));
    }
    used.clear();
  }

  /** Writes the thread groups that stand for the processes and forgets the use. */
  void writeUsedProcesses(Leb128Buffer out) {
    for (int i = 0; i < usedProcesses.count(); i++) {
      int process = usedProcesses.id(i);
      out.number(process);
      out.number(0);
      out.text(groupName(texts.text(processes.second(process)), processes.first(process)));
    }
    usedProcesses.clear();
  }

  /** How viewers show a process; also where the reader finds its name. */
  static String groupName(String processName, int pid) {
    return processName + groupSuffix(pid);
  }

  static String groupSuffix(int pid) {
    return " (" + pid + ")";
  }
}
