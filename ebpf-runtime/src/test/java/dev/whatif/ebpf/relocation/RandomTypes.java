package dev.whatif.ebpf.relocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Struct types as C text, and later versions of them: members moved, dropped, added, changed in
 * type, slipped into anonymous structs and unions.
 */
final class RandomTypes {

  private static final List<String> SCALARS =
      List.of(
          "char",
          "signed char",
          "unsigned char",
          "short",
          "unsigned short",
          "int",
          "unsigned int",
          "long",
          "unsigned long",
          "_Bool",
          "counted",
          "const volatile int",
          "volatile counted");

  /** What a member is. */
  sealed interface Shape {
    record Scalar(String text) implements Shape {}

    record Shade(String text) implements Shape {}

    record Real(String text) implements Shape {}

    record Pointer(String text) implements Shape {}

    record Bits(String base, int width) implements Shape {}

    record Of(int struct) implements Shape {}

    record Array(Shape element, int length) implements Shape {}

    record Group(boolean union, List<Field> fields) implements Shape {}
  }

  record Field(String name, Shape shape) {}

  /** One version of all types; struct number 2 contains the others. */
  record Version(List<List<Field>> structs, String counted, List<String> shades) {

    /** A file of these types alone; the compiler keeps only what something refers to. */
    String targetText() {
      return "#include \"core.h\"\n"
          + preamble()
          + text("", "")
          + "struct s0 *a; struct s1 *b; struct s2 *c; enum shade d; counted e;\n";
    }

    /** The same structs once more, in another flavour. */
    String flavouredText() {
      return text("", "___two") + "struct s0___two *f; struct s1___two *g; struct s2___two *h;\n";
    }

    /** Definitions; every struct's name ends in {@code suffix}. */
    String text(String attribute, String suffix) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < structs.size(); i++) {
        // Inner structs first, so that they are complete.
        text.append("struct s").append(i).append(suffix).append(" {\n");
        structs.get(i).forEach(f -> text.append("  ").append(declare(f, suffix)).append(";\n"));
        text.append("}").append(attribute).append(";\n");
      }
      return text.toString();
    }

    /** What the structs are made of. */
    String preamble() {
      return "typedef "
          + counted
          + " counted;\nenum shade { "
          + String.join(", ", shades)
          + " };\n";
    }
  }

  private final Random random;
  private int names;

  RandomTypes(long seed) {
    this.random = new Random(seed);
  }

  Version first() {
    List<List<Field>> structs = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      structs.add(group(fields(6 + random.nextInt(8), s)));
    }
    return new Version(structs, "int", shades());
  }

  Version later(Version version) {
    List<List<Field>> structs = new ArrayList<>();
    for (int s = 0; s < version.structs.size(); s++) {
      List<Field> fields = new ArrayList<>();
      for (Field field : flat(version.structs.get(s))) {
        int fate = random.nextInt(10);
        if (fate == 0) {
          continue;
        }
        fields.add(fate == 1 ? new Field(field.name, shape(s)) : field);
      }
      fields.addAll(fields(random.nextInt(3), s));
      if (random.nextBoolean()) {
        Collections.shuffle(fields, random);
      }
      structs.add(group(fields));
    }
    String counted = List.of("int", "long", "unsigned short").get(random.nextInt(3));
    return new Version(structs, counted, random.nextInt(3) == 0 ? shades() : version.shades);
  }

  private List<String> shades() {
    List<String> shades = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      if (i == 0 || random.nextInt(4) > 0) {
        shades.add("SHADE" + i + " = " + (random.nextInt(2000) - 1000));
      }
    }
    Collections.shuffle(shades, random);
    return shades;
  }

  private List<Field> fields(int count, int struct) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(new Field("m" + names++, shape(struct)));
    }
    return fields;
  }

  private Shape shape(int struct) {
    return switch (random.nextInt(12)) {
      case 0 -> new Shape.Bits("unsigned int", 1 + random.nextInt(32));
      case 1 -> new Shape.Bits("int", 2 + random.nextInt(30));
      case 2 -> new Shape.Bits("unsigned long", 1 + random.nextInt(64));
      case 3 -> new Shape.Bits("unsigned short", 1 + random.nextInt(16));
      case 4 -> new Shape.Pointer(random.nextBoolean() ? "void *" : "struct s0 *");
      case 5 -> new Shape.Array(scalar(), 1 + random.nextInt(5));
      case 6 -> new Shape.Array(new Shape.Array(scalar(), 1 + random.nextInt(4)), 3);
      case 7 -> new Shape.Shade("enum shade");
      case 8 -> random.nextInt(3) == 0 ? new Shape.Real("double") : scalar();
      case 9 -> struct == 0 ? scalar() : new Shape.Of(random.nextInt(struct));
      case 10 ->
          struct == 0
              ? scalar()
              : new Shape.Array(new Shape.Of(random.nextInt(struct)), 1 + random.nextInt(4));
      default -> scalar();
    };
  }

  private Shape scalar() {
    return new Shape.Scalar(SCALARS.get(random.nextInt(SCALARS.size())));
  }

  /** The same fields, some of them in anonymous structs and unions. */
  private List<Field> group(List<Field> fields) {
    List<Field> grouped = new ArrayList<>();
    for (int i = 0; i < fields.size(); ) {
      int many = Math.min(fields.size() - i, 2 + random.nextInt(3));
      if (random.nextInt(4) == 0) {
        List<Field> inside = group(fields.subList(i, i + many));
        grouped.add(new Field("", new Shape.Group(random.nextBoolean(), inside)));
        i += many;
      } else {
        grouped.add(fields.get(i++));
      }
    }
    return grouped;
  }

  /** The fields without anonymous structs. */
  static List<Field> flat(List<Field> fields) {
    List<Field> flat = new ArrayList<>();
    for (Field field : fields) {
      if (field.shape instanceof Shape.Group g) {
        flat.addAll(flat(g.fields));
      } else {
        flat.add(field);
      }
    }
    return flat;
  }

  private static String declare(Field field, String suffix) {
    return switch (field.shape) {
      case Shape.Scalar s -> s.text + " " + field.name;
      case Shape.Shade s -> s.text + " " + field.name;
      case Shape.Real s -> s.text + " " + field.name;
      case Shape.Pointer s -> s.text + field.name;
      case Shape.Bits b -> b.base + " " + field.name + " : " + b.width;
      case Shape.Of o -> "struct s" + o.struct + suffix + " " + field.name;
      case Shape.Array a ->
          declare(new Field(field.name + "[" + a.length + "]", a.element), suffix);
      case Shape.Group g -> {
        StringBuilder text = new StringBuilder(g.union ? "union {" : "struct {");
        g.fields.forEach(f -> text.append(' ').append(declare(f, suffix)).append(';'));
        yield text.append(" }").toString();
      }
    };
  }
}
