package dev.whatif.core.place;

import dev.whatif.core.symbol.FrameKind;
import dev.whatif.core.symbol.SourceFrame;
import java.util.List;

/**
 * What a programmer calls a byte of code.
 *
 * @param object last component of the file's path
 * @param frames the functions there, innermost inlined one first, physical one last; never empty
 */
public record CodeName(String object, List<SourceFrame> frames) {

  /** What the symbolizer calls an inlined function without a name. */
  private static final String NAMELESS = "[inlined]";

  /** Copies the frames. */
  public CodeName {
    frames = List.copyOf(frames);
  }

  /** The physical function, demangled; {@code [object]+0x4980} when it has no name. */
  public String function() {
    return frames.getLast().function();
  }

  /** The innermost function by the source; the physical one when nothing is inlined there. */
  public String inlined() {
    String name = frames.getFirst().function();
    return name.equals(NAMELESS) ? function() : name;
  }

  /** Whether another function is inlined there. */
  public boolean isInlined() {
    return frames.getFirst().kind() == FrameKind.INLINED;
  }

  /** Full path of the source file of the innermost function; empty when unknown. */
  public String file() {
    return frames.getFirst().file();
  }

  /** Line in that file; 0 when unknown. */
  public int line() {
    return frames.getFirst().line();
  }

  /**
   * A name for the piece of code that this byte belongs to; the same for all bytes of the piece,
   * and a {@link Place} that leads back to it. A line is called {@code /full/path/server.c:123}, a
   * function {@code object:function}. Where the line is not known, it is the function.
   */
  public String regionOf(Level level) {
    return switch (level) {
      case LINE ->
          file().isEmpty() || line() <= 0 ? regionOf(Level.INLINED) : file() + ":" + line();
      case FUNCTION -> function(function());
      case INLINED -> function(inlined());
    };
  }

  private String function(String linked) {
    String name = QualifiedName.withoutClone(linked);
    return name.startsWith("[" + object + "]+") ? name : object + ":" + name;
  }
}
