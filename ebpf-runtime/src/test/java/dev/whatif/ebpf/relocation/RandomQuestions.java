package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.relocation.RandomTypes.Field;
import dev.whatif.ebpf.relocation.RandomTypes.Shape;
import dev.whatif.ebpf.relocation.RandomTypes.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A BPF program in C that asks everything that can be asked about the fields of random types. */
final class RandomQuestions {

  private record Leaf(String path, Shape shape) {}

  private final Random random;
  private final Version version;

  RandomQuestions(long seed, Version version) {
    this.random = new Random(seed);
    this.version = version;
  }

  /** The compiled program. */
  Path object(Clang compiler, String name) {
    try {
      return compiler.object(name, text(compiler.knowsTypeMatches(), true));
    } catch (AssertionError e) {
      // Both compilers fail on bit fields in what they turn into packed structs.
      if (!e.getMessage().contains("Unsupported field expression")) {
        throw e;
      }
      return compiler.object(name, text(compiler.knowsTypeMatches(), false));
    }
  }

  private String text(boolean matches, boolean bits) {
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < version.structs().size(); s++) {
      List<Leaf> leaves = new ArrayList<>();
      collect("p" + s + "->", version.structs().get(s), leaves);
      for (Leaf leaf : leaves) {
        ask(leaf, bits, lines);
      }
      String type = "struct s" + s;
      lines.add("type_exists(" + type + ")");
      lines.add("type_size(" + type + ")");
      lines.add("local_id(" + type + ")");
      if (matches) {
        lines.add("type_matches(" + type + ")");
      }
    }
    for (String shade : version.shades()) {
      String name = shade.substring(0, shade.indexOf(' '));
      lines.add("value_exists(enum shade, " + name + ")");
      lines.add("value_of(enum shade, " + name + ")");
    }
    lines.add("type_size(counted)");
    lines.add("target_id(counted)");
    lines.add("type_exists(enum shade)");
    StringBuilder text = new StringBuilder("#include \"core.h\"\n");
    text.append("char LICENSE[] SEC(\"license\") = \"GPL\";\n");
    text.append(version.preamble());
    text.append(version.text(" RELOCATED", ""));
    // Small programs: one refused by the compiler's register allocator would cost all.
    for (int from = 0, n = 0; from < lines.size(); from += 40, n++) {
      text.append("SEC(\"socket\") int program").append(n).append("(void *context) {\n");
      text.append("  u64 sum = 0;\n");
      for (int s = 0; s < version.structs().size(); s++) {
        text.append("  volatile struct s%d *p%d = context;\n".formatted(s, s));
      }
      for (String line : lines.subList(from, Math.min(lines.size(), from + 40))) {
        text.append("  keep(").append(line).append(");\n");
      }
      text.append("  return sum;\n}\n");
    }
    return text.toString();
  }

  private void collect(String prefix, List<Field> fields, List<Leaf> leaves) {
    for (Field field : RandomTypes.flat(fields)) {
      leaf(prefix + field.name(), field.shape(), leaves);
    }
  }

  private void leaf(String path, Shape shape, List<Leaf> leaves) {
    leaves.add(new Leaf(path, shape));
    switch (shape) {
      case Shape.Array a ->
          leaf(path + "[" + random.nextInt(a.length()) + "]", a.element(), leaves);
      case Shape.Of o -> {
        List<Field> inner = RandomTypes.flat(version.structs().get(o.struct()));
        Field field = inner.get(random.nextInt(inner.size()));
        leaf(path + "." + field.name(), field.shape(), leaves);
      }
      case Shape.Scalar s -> {}
      case Shape.Shade s -> {}
      case Shape.Real r -> {}
      case Shape.Pointer p -> {}
      case Shape.Bits b -> {}
      case Shape.Group g -> {}
    }
  }

  private void ask(Leaf leaf, boolean bits, List<String> lines) {
    String path = leaf.path;
    boolean understood = bits || !(leaf.shape instanceof Shape.Bits);
    if (understood) {
      lines.add("byte_offset(" + path + ")");
      lines.add("byte_size(" + path + ")");
    }
    lines.add("field_exists(" + path + ")");
    boolean element = path.endsWith("]");
    boolean number = leaf.shape instanceof Shape.Scalar || leaf.shape instanceof Shape.Bits;
    if (number && !element) {
      lines.add("field_signed(" + path + ")");
    }
    if (number && !element && understood) {
      lines.add("left_shift(" + path + ")");
      lines.add("right_shift(" + path + ")");
    }
    if (leaf.shape instanceof Shape.Scalar) {
      lines.add(path);
    } else if (leaf.shape instanceof Shape.Pointer) {
      lines.add("(u64)" + path);
    }
  }
}
