package dev.whatif.core.report;

import java.util.ArrayList;
import java.util.List;

/** Breaks a sentence into lines that fit. */
public final class Paragraph {

  private Paragraph() {}

  /** The words in as few lines as possible; a word longer than the width has a line of its own. */
  public static List<String> lines(String sentence, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (!line.isEmpty()) {
        line.append(' ');
      }
      line.append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
