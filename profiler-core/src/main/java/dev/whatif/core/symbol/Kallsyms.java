package dev.whatif.core.symbol;

import dev.whatif.core.elf.SymbolTable;
import dev.whatif.core.elf.SymbolTableBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The functions of the running kernel and its modules, from {@code /proc/kallsyms}.
 *
 * <p>The kernel shows zeros instead of addresses to those it does not trust ({@code
 * /proc/sys/kernel/kptr_restrict}): then every kernel frame is the same {@code [kernel]}.
 */
final class Kallsyms {

  private static final String KERNEL = "[kernel]";
  private static final SourceFrame HIDDEN =
      new SourceFrame(KERNEL, KERNEL, "", 0, FrameKind.KERNEL, 0);

  private final SymbolTable symbols;

  private Kallsyms(SymbolTable symbols) {
    this.symbols = symbols;
  }

  /** The running kernel's; empty when it cannot be read. */
  static Kallsyms read() {
    try {
      return parse(Files.readAllBytes(Path.of("/proc/kallsyms")));
    } catch (IOException e) {
      return new Kallsyms(SymbolTable.EMPTY);
    }
  }

  /** From a text of that form; a line that is not understood is skipped. */
  static Kallsyms parse(byte[] text) {
    SymbolTableBuilder builder = new SymbolTableBuilder();
    ByteArrayOutputStream names = new ByteArrayOutputStream(text.length / 3);
    // The builder wants the finished names first, so lines are read twice.
    eachFunction(
        text,
        (address, binding, from, to) -> {
          names.write(text, from, to - from);
          names.write(0);
        });
    int table = builder.strings(names.toByteArray());
    int[] offset = {0};
    eachFunction(
        text,
        (address, binding, from, to) -> {
          builder.add(address, 0, -1, binding, table, offset[0]);
          offset[0] += to - from + 1;
        });
    return new Kallsyms(builder.build());
  }

  /** Whether the kernel keeps its addresses from us. */
  boolean isHidden() {
    return symbols.count() == 0;
  }

  /** The frame at an address. */
  List<SourceFrame> at(long lookup, long pc) {
    if (isHidden()) {
      return List.of(HIDDEN);
    }
    int symbol = symbols.find(lookup);
    if (symbol < 0) {
      return List.of(
          new SourceFrame("0x" + Long.toHexString(pc), KERNEL, "", 0, FrameKind.KERNEL, 0));
    }
    // Names of modules follow the function's: "nf_hook\t[nf_tables]".
    String name = symbols.name(symbol);
    int tab = name.indexOf('\t');
    String function = tab < 0 ? name : name.substring(0, tab);
    return List.of(
        new SourceFrame(
            Demangler.demangle(function).text(),
            tab < 0 ? KERNEL : name.substring(tab + 1),
            "",
            0,
            FrameKind.KERNEL,
            Math.clamp(pc - symbols.address(symbol), 0, Integer.MAX_VALUE)));
  }

  /** Takes a function: its name is text[from, to). */
  private interface FunctionSink {
    void function(long address, int binding, int from, int to);
  }

  private static void eachFunction(byte[] text, FunctionSink sink) {
    int at = 0;
    while (at < text.length) {
      int end = at;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      line(text, at, end, sink);
      at = end + 1;
    }
  }

  // ffffffff81000000 T _stext
  private static void line(byte[] text, int begin, int end, FunctionSink sink) {
    long address = 0;
    int at = begin;
    while (at < end && Character.digit(text[at], 16) >= 0) {
      address = address << 4 | Character.digit(text[at++], 16);
    }
    if (address >= 0 || at - begin != 16 || at + 3 >= end) {
      return; // zero when hidden; per-CPU data have small addresses
    }
    int binding =
        switch (text[at + 1]) {
          case 'T' -> SymbolTableBuilder.GLOBAL;
          case 'W', 'w' -> SymbolTableBuilder.WEAK;
          case 't' -> SymbolTableBuilder.LOCAL;
          default -> -1;
        };
    if (binding >= 0) {
      sink.function(address, binding, at + 3, end);
    }
  }
}
