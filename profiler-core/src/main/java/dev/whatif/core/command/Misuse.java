package dev.whatif.core.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is said when a command line makes no sense: what is wrong, what was perhaps meant, where to
 * read more. The whole help would push the message out of sight.
 */
final class Misuse {

  /** Picocli lists the names of constants; users write them in small letters. */
  private static final Pattern CHOICE =
      Pattern.compile("one of \\[([A-Z_, ]+)\\] \\(case-insensitive\\)");

  private Misuse() {}

  /** For {@link CommandLine#setParameterExceptionHandler}. */
  static int tell(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    if (List.of(arguments).contains("--debug")) {
      e.printStackTrace(err);
    }
    err.println("whatif: " + message(e));
    StringWriter suggestions = new StringWriter();
    UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions, true));
    suggestions.toString().lines().forEach(l -> err.println("  " + lowerCase(l)));
    err.println("  see: " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      if (unmatched.isUnknownOption()) {
        return "there is no option " + first;
      }
      return e.getCommandLine().getSubcommands().isEmpty()
          ? "nothing is known to do with '" + first + "'"
          : "there is no command '" + first + "'";
    }
    String text = String.valueOf(e.getMessage());
    Matcher choice = CHOICE.matcher(text);
    text = choice.replaceAll(c -> "one of " + c.group(1).toLowerCase(Locale.ROOT));
    return lowerCase(text);
  }

  private static String lowerCase(String sentence) {
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }
}
