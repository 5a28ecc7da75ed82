package dev.whatif.ebpf.proof;

import dev.whatif.core.linux.Signal;
import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.linux.Unistd;
import dev.whatif.core.process.Requests;
import dev.whatif.core.process.Spawn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A JVM that works on a target and dies after the k-th request. Lines on stdin say what to do:
 * {@code WORK PID K HOW}; a line on stdout says how it went: {@code survived N}, {@code died N} or
 * {@code failed MESSAGE}.
 *
 * <p>HOW is {@code process}: SIGKILL to itself, so no answer comes; or {@code thread}: only the
 * thread that made the request ends, by exit(2) under the JVM's feet. For the target that is the
 * same: the kernel ties a tracee to the thread that traces it, lets go of it when that thread ends
 * ({@code exit_ptrace} in kernel/ptrace.c), and nothing of ours runs afterwards. It spares the
 * start of a JVM for every k; what it does not show, files that close with the process, {@code
 * process} shows.
 */
final class DyingController {

  private static final long SYS_EXIT = 60;
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1));

  private static final Set<Work> REHEARSED = EnumSet.noneOf(Work.class);

  /** The JVM's own files are libraries and /dev/random. */
  private static final List<String> OURS =
      List.of("/proc/", "/memfd:", "anon_inode:", "socket:", "pipe:");

  private static final int PATIENCE_SECONDS = 20;

  private DyingController() {}

  /** Answers until stdin ends. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      Work work = Work.valueOf(words[0]);
      int pid = Integer.parseInt(words[1]);
      System.out.println(answer(work, pid, Long.parseLong(words[2]), words[3].equals("process")));
    }
    Runtime.getRuntime().halt(0); // not past the threads that are no more
  }

  private static String answer(Work work, int pid, long dieAt, boolean wholeProcess)
      throws IOException, InterruptedException {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    LongConsumer death =
        n -> {
          if (n == dieAt) {
            die(n, answers, wholeProcess);
          }
        };
    Map<String, String> files = openFiles();
    Thread worker =
        new Thread(() -> {
          try {
            rehearse(work);
            Requests.observe(death);
            work.on(pid);
            answers.add("survived " + Requests.count());
          } catch (RuntimeException | Error e) {
            answers.add("failed " + trace(e));
          }
        });
    worker.setDaemon(true);
    worker.start();
    String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      answer = "failed does not end; " + stacks();
    }
    Requests.observe(null);
    if (answer.startsWith("died")) {
      Path task = Path.of("/proc/self/task/" + answer.split(" ", -1)[2]);
      while (Files.exists(task)) {
        Thread.onSpinWait();
      }
      closeAllBut(files);
    }
    return answer;
  }

  /** What is done once in a JVM is done on a process that does not matter. */
  private static synchronized void rehearse(Work work) {
    if (REHEARSED.add(work)) {
      Spawn other = Spawn.running(List.of("sleep", "60"), SpawnHeader.Files.INHERITED);
      try {
        work.on(other.pid());
      } finally {
        other.stop(Duration.ZERO);
      }
    }
  }

  /** What each descriptor leads to; the one that reads the folder is gone when it is asked. */
  private static Map<String, String> openFiles() throws IOException {
    List<Path> links;
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      links = files.toList();
    }
    Map<String, String> result = new HashMap<>();
    for (Path link : links) {
      if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        result.put(link.getFileName().toString(), Files.readSymbolicLink(link).toString());
      }
    }
    return result;
  }

  /**
   * As the end of the whole process would: locks are given back, memory files and sockets close.
   */
  private static void closeAllBut(Map<String, String> before) throws IOException {
    for (Map.Entry<String, String> open : openFiles().entrySet()) {
      String file = open.getValue();
      boolean isNew = !file.equals(before.get(open.getKey()));
      if (isNew && OURS.stream().anyMatch(file::startsWith)) {
        Unistd.close(Integer.parseInt(open.getKey()));
      }
    }
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach((thread, frames) -> {
          text.append('|').append(thread.getName());
          for (StackTraceElement frame : frames) {
            text.append("|  ").append(frame);
          }
        });
    return text.toString();
  }

  private static String trace(Throwable t) {
    java.io.StringWriter text = new java.io.StringWriter();
    t.printStackTrace(new java.io.PrintWriter(text));
    return text.toString().replace('\n', '|');
  }

  private static void die(long n, BlockingQueue<String> answers, boolean wholeProcess) {
    if (wholeProcess) {
      Signal.kill((int) ProcessHandle.current().pid(), Signal.SIGKILL);
    }
    try {
      String self = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
      answers.add("died " + n + " " + self);
      long never = (long) SYSCALL.invokeExact(SYS_EXIT, 0L);
      throw new AssertionError("exit returned " + never);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
