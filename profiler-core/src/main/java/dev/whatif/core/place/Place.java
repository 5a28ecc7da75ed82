package dev.whatif.core.place;

import dev.whatif.core.failure.UsageException;
import org.jspecify.annotations.Nullable;

/**
 * Where in code, as a user writes it. Immutable; says nothing about whether such code exists: that
 * is for {@link TargetCode} to find out.
 *
 * <table>
 * <caption>How places are written</caption>
 * <tr><td>{@code compress}</td><td>a function, in whatever file</td></tr>
 * <tr><td>{@code libz.so.1:compress}</td><td>a function of one file</td></tr>
 * <tr><td>{@code ns::f}, {@code ns::f(int)}</td><td>all overloads, one of them</td></tr>
 * <tr><td>{@code server.c:123}</td><td>a line; as many folders as are needed to tell files
 *     apart</td></tr>
 * <tr><td>{@code libz.so.1+0x4980}</td><td>the function around this address of a file without
 *     symbols, as reports call it (also {@code [libz.so.1]+0x4980})</td></tr>
 * <tr><td>{@code usdt:libc:setjmp}</td><td>a static probe</td></tr>
 * <tr><td>{@code syscall:write}</td><td>a system call</td></tr>
 * <tr><td>{@code tracepoint:sched:sched_switch}</td><td>a tracepoint of the kernel</td></tr>
 * <tr><td>{@code java:com.acme.Cache.get}</td><td>a Java method</td></tr>
 * <tr><td>{@code 0x55d0c0de1234}</td><td>an address of a process</td></tr>
 * </table>
 *
 * <p>The first colon that stands alone separates; {@code ::} belongs to the name. A file that is
 * called like a kind of place is written with its folder: {@code ./usdt:f}.
 */
public sealed interface Place {

  /** What the user wrote. */
  String text();

  /**
   * A function: all its code, wherever the compiler copied it to.
   *
   * @param object name or path of the file that it is in, or null for any
   * @param name plain or mangled, with or without parameters
   */
  record Function(String text, @Nullable String object, String name) implements Place {}

  /**
   * A line of a source file.
   *
   * @param file name or the last components of its path
   * @param line from 1 on
   */
  record Line(String text, String file, int line) implements Place {}

  /**
   * The function around an address of a file, by the call frame information.
   *
   * @param object name or path of the file
   * @param address in the file's own addresses
   */
  record Unnamed(String text, String object, long address) implements Place {}

  /** An address of a process: the instruction there. */
  record Address(String text, long address) implements Place {}

  /** A static probe (sys/sdt.h). */
  record Usdt(String text, String provider, String name) implements Place {}

  /** A system call. */
  record Syscall(String text, String name) implements Place {}

  /** A tracepoint of the kernel. */
  record Tracepoint(String text, String category, String name) implements Place {}

  /**
   * A Java method.
   *
   * @param type with its packages
   */
  record JavaMethod(String text, String type, String method) implements Place {}

  /**
   * Reads a place.
   *
   * @throws UsageException when it has no meaning; says what would
   */
  static Place parse(String text) {
    return new PlaceSyntax(text).place();
  }
}
