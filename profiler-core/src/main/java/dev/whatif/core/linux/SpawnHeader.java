package dev.whatif.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code <spawn.h>}. */
public final class SpawnHeader {

  public static final short POSIX_SPAWN_SETPGROUP = 0x02;
  public static final short POSIX_SPAWN_SETSIGDEF = 0x04;
  public static final short POSIX_SPAWN_SETSIGMASK = 0x08;

  /** {@code sizeof(posix_spawnattr_t)} of glibc. */
  public static final long SPAWNATTR_BYTES = 336;

  /** {@code sizeof(posix_spawn_file_actions_t)} of glibc. */
  public static final long FILE_ACTIONS_BYTES = 80;

  private static final FunctionDescriptor INT_POINTER =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
  private static final FunctionDescriptor INT_POINTER_POINTER =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);

  private static final MethodHandle SPAWNP =
      Native.bind(
          "posix_spawnp",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS));
  private static final MethodHandle ATTR_INIT = Native.bind("posix_spawnattr_init", INT_POINTER);
  private static final MethodHandle ATTR_DESTROY =
      Native.bind("posix_spawnattr_destroy", INT_POINTER);
  private static final MethodHandle SET_FLAGS =
      Native.bind(
          "posix_spawnattr_setflags",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_SHORT));
  private static final MethodHandle SET_SIGDEFAULT =
      Native.bind("posix_spawnattr_setsigdefault", INT_POINTER_POINTER);
  private static final MethodHandle ACTIONS_INIT =
      Native.bind("posix_spawn_file_actions_init", INT_POINTER);
  private static final MethodHandle ACTIONS_DESTROY =
      Native.bind("posix_spawn_file_actions_destroy", INT_POINTER);
  private static final MethodHandle ADD_DUP2 =
      Native.bind(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));
  private static final MethodHandle ADD_OPEN =
      Native.bind(
          "posix_spawn_file_actions_addopen",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));

  /** Since glibc 2.34; null where the C library has none. */
  private static final @Nullable MethodHandle ADD_CLOSE_FROM =
      Linker.nativeLinker()
              .defaultLookup()
              .find("posix_spawn_file_actions_addclosefrom_np")
              .isPresent()
          ? Native.bind(
              "posix_spawn_file_actions_addclosefrom_np",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
          : null;

  private static final int FIRST_AFTER_STDERR = 3;

  private SpawnHeader() {}

  /**
   * What happens to the child's files before it runs.
   *
   * @param dup2 pairs: the child's second descriptor becomes a copy of its first
   * @param stdoutFile where its stdout and stderr go, or "" to inherit them
   */
  public record Files(List<int[]> dup2, String stdoutFile) {

    /** The child shares the parent's files. */
    public static final Files INHERITED = new Files(List.of(), "");
  }

  /**
   * Starts a program with every signal at its default and none blocked (a JVM's mask and ignored
   * signals are nothing a program expects), in the environment of this process. Of the files it
   * gets stdin, stdout and stderr: a JVM keeps jars open that nobody else has use for.
   *
   * @param ownGroup whether in a process group of its own, or in this process's
   * @return the pid
   * @throws LinuxException when there is no such program, or no more processes
   */
  public static int posixSpawnp(
      String file, List<String> arguments, Files files, boolean ownGroup) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 1L);
      for (int i = 0; i < arguments.size(); i++) {
        argv.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(arguments.get(i)));
      }
      MemorySegment environ =
          Linker.nativeLinker()
              .defaultLookup()
              .findOrThrow("environ")
              .reinterpret(ValueLayout.ADDRESS.byteSize())
              .get(ValueLayout.ADDRESS, 0);
      MemorySegment attributes = arena.allocate(SPAWNATTR_BYTES, 8);
      MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, 8);
      check("posix_spawnattr_init", (int) ATTR_INIT.invokeExact(attributes));
      check("posix_spawn_file_actions_init", (int) ACTIONS_INIT.invokeExact(actions));
      try {
        // An all-zero attribute means: group = own pid, mask = nothing blocked.
        int signals = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        short flags = (short) (ownGroup ? signals | POSIX_SPAWN_SETPGROUP : signals);
        check("posix_spawnattr_setflags", (int) SET_FLAGS.invokeExact(attributes, flags));
        MemorySegment all = arena.allocate(Signal.SIGSET_BYTES, 8).fill((byte) -1);
        check("posix_spawnattr_setsigdefault", (int) SET_SIGDEFAULT.invokeExact(attributes, all));
        addFiles(arena, actions, files);
        check(
            "posix_spawnp",
            (int)
                SPAWNP.invokeExact(
                    pid, arena.allocateFrom(file), actions, attributes, argv, environ));
      } finally {
        int ignored = (int) ACTIONS_DESTROY.invokeExact(actions);
        ignored = (int) ATTR_DESTROY.invokeExact(attributes);
      }
      return pid.get(ValueLayout.JAVA_INT, 0);
    } catch (LinuxException e) {
      throw e;
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  private static void addFiles(Arena arena, MemorySegment actions, Files files) throws Throwable {
    if (!files.stdoutFile().isEmpty()) {
      int writeCreateTruncate = 0x1 | 0x40 | 0x200;
      check(
          "posix_spawn_file_actions_addopen",
          (int)
              ADD_OPEN.invokeExact(
                  actions, 1, arena.allocateFrom(files.stdoutFile()), writeCreateTruncate, 0x1a4));
      check("posix_spawn_file_actions_adddup2", (int) ADD_DUP2.invokeExact(actions, 1, 2));
    }
    for (int[] pair : files.dup2()) {
      check(
          "posix_spawn_file_actions_adddup2",
          (int) ADD_DUP2.invokeExact(actions, pair[0], pair[1]));
    }
    MethodHandle closeFrom = ADD_CLOSE_FROM;
    if (closeFrom != null) {
      check(
          "posix_spawn_file_actions_addclosefrom_np",
          (int) closeFrom.invokeExact(actions, FIRST_AFTER_STDERR));
    }
  }

  /** These functions return the error number instead of setting errno. */
  private static void check(String call, int result) {
    if (result != 0) {
      throw new LinuxException(call, new Errno(result));
    }
  }
}
