package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfKind;
import dev.whatif.ebpf.btf.BtfType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A BPF program in C that asks about structs and enums drawn from a kernel's types, and has its own
 * idea of how they look: some of the fields, in another order, of other sizes.
 */
final class KernelQuestions {

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> TAKEN =
      Set.of("int", "char", "long", "short", "default", "register", "new", "asm", "signed", "auto");
  private static final int FIELDS = 5;

  private final Btf kernel;
  private final Random random;
  private final StringBuilder definitions = new StringBuilder();
  private final List<String> questions = new ArrayList<>();

  KernelQuestions(Btf kernel, long seed) {
    this.kernel = kernel;
    this.random = new Random(seed);
  }

  /** A file with programs about so many structs and enums. */
  String text(int structs, int enums) {
    for (int id : draw(structs, BtfKind.STRUCT)) {
      struct((BtfType.Struct) kernel.type(id));
    }
    for (int id : draw(enums, BtfKind.ENUM)) {
      enumeration((BtfType.Enum) kernel.type(id));
    }
    StringBuilder text = new StringBuilder("#include \"core.h\"\n");
    text.append("char LICENSE[] SEC(\"license\") = \"GPL\";\n").append(definitions);
    for (int from = 0; from < questions.size(); from += 60) {
      text.append("SEC(\"socket\") int program").append(from).append("(void *context) {\n");
      text.append("  u64 sum = 0;\n");
      for (String question : questions.subList(from, Math.min(questions.size(), from + 60))) {
        text.append("  keep(").append(question).append(");\n");
      }
      text.append("  return sum;\n}\n");
    }
    return text.toString();
  }

  /** Types whose name no other type has: several of one name may be ambiguous. */
  private List<Integer> draw(int count, BtfKind kind) {
    List<Integer> drawn = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (drawn.size() < count) {
      int id = 1 + random.nextInt(kernel.size() - 1);
      String name = kernel.name(id);
      if (kernel.kind(id) == kind
          && isUsable(name)
          && kernel.named(name).count() == 1
          && names.add(name)) {
        drawn.add(id);
      }
    }
    return drawn;
  }

  private void struct(BtfType.Struct struct) {
    Map<String, BtfType.Member> named = new LinkedHashMap<>();
    named(struct, named, 0);
    List<String> names = new ArrayList<>(named.keySet());
    Collections.shuffle(names, random);
    String type = "struct " + struct.name();
    StringBuilder fields = new StringBuilder();
    for (String name : names.subList(0, Math.min(FIELDS, names.size()))) {
      String at = "((" + type + " *)context)->" + name;
      BtfType.Member member = named.get(name);
      String field = field(member);
      if (field.isEmpty()) {
        continue;
      }
      fields.append("  ").append(field).append(";\n");
      questions.add("field_exists(" + at + ")");
      questions.add("byte_offset(" + at + ")");
      questions.add("byte_size(" + at + ")");
      if (kernel.kind(kernel.resolve(member.type())) == BtfKind.INT) {
        questions.add("field_signed(" + at + ")");
        questions.add("left_shift(" + at + ")");
        questions.add("right_shift(" + at + ")");
      }
    }
    definitions.append(type).append(" {\n").append(fields).append("  int unheard_of;\n");
    definitions.append("} RELOCATED;\n");
    questions.add("field_exists(((" + type + " *)context)->unheard_of)");
    questions.add("type_exists(" + type + ")");
    questions.add("type_size(" + type + ")");
    questions.add("target_id(" + type + ")");
    questions.add("type_matches(" + type + ")");
  }

  /** Members that have a name, also those of anonymous structs inside. */
  private void named(BtfType.Struct struct, Map<String, BtfType.Member> named, int depth) {
    for (BtfType.Member member : struct.members()) {
      if (isUsable(member.name())) {
        named.putIfAbsent(member.name(), member);
      } else if (member.name().isEmpty()
          && depth < 8
          && kernel.type(kernel.resolve(member.type())) instanceof BtfType.Struct inner) {
        named(inner, named, depth + 1);
      }
    }
  }

  /** A declaration that may stand for a member; empty when this test knows none. */
  private String field(BtfType.Member member) {
    String name = member.name();
    if (member.bitfieldSize() > 0) {
      // Each begins a new word: clang fails on some bit fields of packed structs.
      return "u64 : 0; u64 " + name + " : " + (1 + random.nextInt(20)) + "; u64 : 0";
    }
    return switch (kernel.type(kernel.resolve(member.type()))) {
      case BtfType.Int i -> List.of("int ", "u64 ", "u8 ", "short ").get(random.nextInt(4)) + name;
      case BtfType.Pointer p -> "void *" + name;
      case BtfType.Struct s -> "struct { int a; } " + name;
      case BtfType.Enum e -> "enum { ONLY_" + name + questions.size() + " } " + name;
      case BtfType.Array a
          when kernel.kind(kernel.resolve(a.element())) == BtfKind.INT && a.length() > 0 ->
          "u8 " + name + "[" + Math.min(a.length(), 3) + "]";
      case BtfType other -> "";
    };
  }

  private void enumeration(BtfType.Enum type) {
    List<String> values =
        type.values().stream()
            .map(BtfType.Enumerator::name)
            .filter(KernelQuestions::isUsable)
            .filter(Predicate.not(definitions.toString()::contains))
            .limit(FIELDS)
            .toList();
    if (values.isEmpty()) {
      return;
    }
    String name = "enum " + type.name();
    definitions.append(name).append(" { ").append(String.join(", ", values));
    definitions.append(", UNHEARD_OF_").append(type.name()).append(" };\n");
    for (String value : values) {
      questions.add("value_exists(" + name + ", " + value + ")");
      questions.add("value_of(" + name + ", " + value + ")");
    }
    questions.add("value_exists(" + name + ", UNHEARD_OF_" + type.name() + ")");
    questions.add("type_size(" + name + ")");
  }

  private static boolean isUsable(String name) {
    return IDENTIFIER.matcher(name).matches() && !TAKEN.contains(name);
  }
}
