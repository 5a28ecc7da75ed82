package dev.whatif.core.symbol;

import dev.whatif.core.symbol.RustV0Reader.Malformed;
import java.util.Optional;

/**
 * Rust's v0 mangling (RFC 2603), printed as {@code rustc-demangle} does without hashes.
 *
 * <p>One method for each nonterminal of the grammar. Depth, text and the number of parts visited
 * are bounded: back references let a short hostile name stand for an exponential one.
 */
final class RustV0 {

  private static final int MAX_DEPTH = 128;
  private static final int MAX_CHARS = 16 * 1024;
  private static final int MAX_VISITS = 20_000;

  private final RustV0Reader in;
  private final StringBuilder out = new StringBuilder();
  private boolean silent;
  private int depth;
  private int visits;
  private long boundLifetimes;

  private RustV0(String text) {
    in = new RustV0Reader(text);
  }

  /** The readable path, or empty when it is no such name. */
  static Optional<String> demangle(String name) {
    if (!name.startsWith("_R") || name.length() < 4 || !isUpper(name.charAt(2))) {
      return Optional.empty();
    }
    int dot = name.indexOf('.');
    String suffix = dot < 0 ? "" : name.substring(dot);
    RustV0 parser = new RustV0(name.substring(2, dot < 0 ? name.length() : dot));
    try {
      parser.path(true);
      if (!parser.in.atEnd()) {
        parser.silent = true; // the crate that instantiated it
        parser.path(false);
      }
      if (!parser.in.atEnd()) {
        return Optional.empty();
      }
    } catch (Malformed e) {
      return Optional.empty();
    }
    return Optional.of(suffix.startsWith(".llvm.") ? parser.out.toString() : parser.out + suffix);
  }

  private void path(boolean value) throws Malformed {
    enter();
    char tag = in.take();
    switch (tag) {
      case 'C' -> {
        in.disambiguator();
        print(in.identifier());
      }
      case 'N' -> nested(value);
      case 'M', 'X', 'Y' -> {
        if (tag != 'Y') {
          implPath(value);
        }
        print("<");
        type();
        if (tag != 'M') {
          print(" as ");
          path(false);
        }
        print(">");
      }
      case 'I' -> {
        path(value);
        print(value ? "::<" : "<");
        genericArguments();
        print(">");
      }
      case 'B' -> {
        int back = backReference();
        if (back >= 0) {
          int here = in.position();
          in.seek(back);
          path(value);
          in.seek(here);
        }
      }
      default -> throw new Malformed();
    }
    depth--;
  }

  private void nested(boolean value) throws Malformed {
    char namespace = in.take();
    if (!isUpper(namespace) && (namespace < 'a' || namespace > 'z')) {
      throw new Malformed();
    }
    path(value);
    long disambiguator = in.disambiguator();
    String name = in.identifier();
    if (!isUpper(namespace)) {
      print(name.isEmpty() ? "" : "::" + name);
      return;
    }
    print("::{");
    print(namespace == 'C' ? "closure" : namespace == 'S' ? "shim" : String.valueOf(namespace));
    print(name.isEmpty() ? "" : ":" + name);
    print("#" + Long.toUnsignedString(disambiguator) + "}");
  }

  /** Where an impl stands: not shown. */
  private void implPath(boolean value) throws Malformed {
    in.disambiguator();
    boolean was = silent;
    silent = true;
    path(value);
    silent = was;
  }

  private void genericArguments() throws Malformed {
    for (int i = 0; !in.eat('E'); i++) {
      print(i > 0 ? ", " : "");
      if (in.eat('L')) {
        lifetime(in.base62());
      } else if (in.eat('K')) {
        constant();
      } else {
        type();
      }
    }
  }

  private void type() throws Malformed {
    enter();
    char tag = in.take();
    String basic = basicType(tag);
    if (!basic.isEmpty()) {
      print(basic);
      depth--;
      return;
    }
    switch (tag) {
      case 'R', 'Q' -> {
        print("&");
        if (in.eat('L')) {
          long lifetime = in.base62();
          if (lifetime != 0) {
            lifetime(lifetime);
            print(" ");
          }
        }
        print(tag == 'Q' ? "mut " : "");
        type();
      }
      case 'P', 'O' -> {
        print(tag == 'P' ? "*const " : "*mut ");
        type();
      }
      case 'A', 'S' -> {
        print("[");
        type();
        if (tag == 'A') {
          print("; ");
          constant();
        }
        print("]");
      }
      case 'T' -> {
        print("(");
        int n = types();
        print(n == 1 ? ",)" : ")");
      }
      case 'F' -> function();
      case 'D' -> {
        print("dyn ");
        long outer = boundLifetimes;
        binder();
        for (int i = 0; !in.eat('E'); i++) {
          print(i > 0 ? " + " : "");
          dynTrait();
        }
        boundLifetimes = outer;
        if (!in.eat('L')) {
          throw new Malformed();
        }
        long lifetime = in.base62();
        if (lifetime != 0) {
          print(" + ");
          lifetime(lifetime);
        }
      }
      case 'B' -> {
        int back = backReference();
        if (back >= 0) {
          int here = in.position();
          in.seek(back);
          type();
          in.seek(here);
        }
      }
      default -> {
        in.seek(in.position() - 1);
        path(false);
      }
    }
    depth--;
  }

  /** Types up to an E, separated by commas. */
  private int types() throws Malformed {
    int n = 0;
    for (; !in.eat('E'); n++) {
      print(n > 0 ? ", " : "");
      type();
    }
    return n;
  }

  private void function() throws Malformed {
    long outer = boundLifetimes;
    binder();
    print(in.eat('U') ? "unsafe " : "");
    if (in.eat('K')) {
      print("extern \"" + (in.eat('C') ? "C" : in.identifier().replace('_', '-')) + "\" ");
    }
    print("fn(");
    types();
    print(")");
    if (!in.eat('u')) {
      print(" -> ");
      type();
    }
    boundLifetimes = outer;
  }

  private void dynTrait() throws Malformed {
    boolean open = openPath();
    while (in.eat('p')) {
      print(open ? ", " : "<");
      open = true;
      print(in.identifier() + " = ");
      type();
    }
    print(open ? ">" : "");
  }

  /** A path whose generic arguments stay open for associated types; whether it has any. */
  private boolean openPath() throws Malformed {
    enter();
    boolean open = false;
    if (in.eat('B')) {
      int back = backReference();
      if (back >= 0) {
        int here = in.position();
        in.seek(back);
        open = openPath();
        in.seek(here);
      }
    } else if (in.eat('I')) {
      path(false);
      print("<");
      genericArguments();
      open = true;
    } else {
      path(false);
    }
    depth--;
    return open;
  }

  private void constant() throws Malformed {
    enter();
    char tag = in.take();
    switch (tag) {
      case 'p' -> print("_");
      case 'h', 't', 'm', 'y', 'o', 'j' -> print(RustV0Reader.number(in.hex()));
      case 'a', 's', 'l', 'x', 'n', 'i' ->
          print((in.eat('n') ? "-" : "") + RustV0Reader.number(in.hex()));
      case 'b' -> {
        String digits = in.hex();
        if (!digits.equals("0") && !digits.equals("1")) {
          throw new Malformed();
        }
        print(digits.equals("1") ? "true" : "false");
      }
      case 'c' -> print(character(in.hex()));
      case 'B' -> {
        int back = backReference();
        if (back >= 0) {
          int here = in.position();
          in.seek(back);
          constant();
          in.seek(here);
        }
      }
      default -> throw new Malformed();
    }
    depth--;
  }

  private static String character(String hex) throws Malformed {
    if (hex.isEmpty() || hex.length() > 6) {
      throw new Malformed();
    }
    int c = Integer.parseInt(hex, 16);
    String text =
        switch (c) {
          case '\t' -> "\\t";
          case '\r' -> "\\r";
          case '\n' -> "\\n";
          case '\\' -> "\\\\";
          case '\'' -> "\\'";
          default -> c >= 0x20 && c < 0x7f ? String.valueOf((char) c) : "\\u{" + hex + "}";
        };
    return "'" + text + "'";
  }

  private void binder() throws Malformed {
    long bound = in.optionalBase62('G');
    if (bound < 0 || bound > 256) {
      throw new Malformed();
    }
    if (bound > 0) {
      print("for<");
      for (long i = 0; i < bound; i++) {
        print(i > 0 ? ", " : "");
        boundLifetimes++;
        lifetime(1);
      }
      print("> ");
    }
  }

  /** A lifetime by how many binders out it was bound; 0 is erased. */
  private void lifetime(long index) throws Malformed {
    if (index == 0) {
      print("'_");
      return;
    }
    if (index < 0 || index > boundLifetimes) {
      throw new Malformed();
    }
    long number = boundLifetimes - index;
    print(number < 26 ? "'" + (char) ('a' + number) : "'_" + number);
  }

  /** Where a back reference leads, -1 when nothing is printed anyway. */
  private int backReference() throws Malformed {
    int here = in.position() - 1;
    long to = in.base62();
    if (to < 0 || to >= here) {
      throw new Malformed();
    }
    return silent ? -1 : (int) to;
  }

  private void enter() throws Malformed {
    if (++depth > MAX_DEPTH || ++visits > MAX_VISITS) {
      throw new Malformed();
    }
  }

  private void print(String text) throws Malformed {
    if (!silent) {
      if (out.length() + text.length() > MAX_CHARS) {
        throw new Malformed();
      }
      out.append(text);
    }
  }

  private static String basicType(char tag) {
    return switch (tag) {
      case 'a' -> "i8";
      case 'b' -> "bool";
      case 'c' -> "char";
      case 'd' -> "f64";
      case 'e' -> "str";
      case 'f' -> "f32";
      case 'h' -> "u8";
      case 'i' -> "isize";
      case 'j' -> "usize";
      case 'l' -> "i32";
      case 'm' -> "u32";
      case 'n' -> "i128";
      case 'o' -> "u128";
      case 's' -> "i16";
      case 't' -> "u16";
      case 'u' -> "()";
      case 'v' -> "...";
      case 'x' -> "i64";
      case 'y' -> "u64";
      case 'z' -> "!";
      case 'p' -> "_";
      default -> "";
    };
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
