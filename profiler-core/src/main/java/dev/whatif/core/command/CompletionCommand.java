package dev.whatif.core.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whatif completion}: the script that completes the command line. */
@Command(
    name = "completion",
    description = "Prints the script with which a shell completes whatif's commands and options.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Install it for this shell:",
      "  source <(whatif completion)",
      "for every bash:",
      "  whatif completion > ~/.local/share/bash-completion/completions/whatif",
      "for zsh: the same line in ~/.zshrc, after compinit:",
      "  source <(whatif completion zsh)"
    })
public final class CompletionCommand implements Subcommand {

  /** Shells that the script serves. */
  enum Shell {
    /** bash 3.2 and newer. */
    BASH,
    /** zsh, through its bashcompinit. */
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      defaultValue = "bash",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Shell shell = Shell.BASH;

  /** For the service loader. */
  public CompletionCommand() {}

  @Override
  public Integer call() {
    // The script of picocli serves both: under zsh it loads bashcompinit itself.
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    CommandLine root = Objects.requireNonNull(spec).root().commandLine();
    line.getOut().print(AutoComplete.bash("whatif", root));
    line.getOut().flush();
    return 0;
  }
}
