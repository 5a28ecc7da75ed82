package dev.whatif.ebpf.isa;

import dev.whatif.core.failure.BadDataException;

/**
 * Text to code, in one of the dialects; both LLVM dialects are read by one grammar.
 *
 * <p>A line holds a label ({@code name:}), an instruction, or both; {@code #} and (in LLVM's text)
 * {@code //} begin a comment. In the conformance text, {@code exit} is also the name of the first
 * {@code exit} instruction unless a label has that name. Constants may be written signed or
 * unsigned; what does not fit into its field is refused, never cut.
 */
public final class Assembler {

  private Assembler() {}

  /**
   * Assembles a text.
   *
   * @param name what to call it in messages
   * @throws BadDataException naming line and column, when something is not understood, does not fit
   *     or leads to no label; or when there is no instruction
   */
  public static Code assemble(String name, String text, Dialect dialect) {
    AssemblySource source = new AssemblySource(name);
    Statement statement =
        switch (dialect) {
          case CONFORMANCE -> new ConformanceStatement(source);
          case LLVM, LLVM_14 -> new LlvmStatement(source);
        };
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      AssemblyLine cursor = new AssemblyLine(name, number, statement.withoutComment(line));
      while (!cursor.atEnd()) {
        if (!cursor.label(source)) {
          statement.read(cursor);
          cursor.expectEnd();
        }
      }
    }
    return source.finish();
  }
}
