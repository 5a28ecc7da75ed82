package dev.whatif.ebpf.command;

import dev.whatif.core.command.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** What a command of this module's does and prints. */
record CommandRun(int exitCode, String out, String err) {

  static CommandRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    return new CommandRun(line.execute(texts), out.toString(), err.toString());
  }
}
