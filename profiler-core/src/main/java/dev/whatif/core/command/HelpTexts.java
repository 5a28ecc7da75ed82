package dev.whatif.core.command;

import java.util.ListResourceBundle;

/** What picocli says in help texts by itself, in the words of the other options. */
final class HelpTexts extends ListResourceBundle {

  @Override
  protected Object[][] getContents() {
    return new Object[][] {
      {"mixinStandardHelpOptions.help", "show this help"},
      {"mixinStandardHelpOptions.version", "show the version"},
    };
  }
}
