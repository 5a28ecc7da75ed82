package dev.whatif.ebpf.relocation;

import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Debian's libbpf makes of an object (libbpf_relocate.c). Needs root, since libbpf relocates
 * only what it is about to load.
 *
 * @param refused whether it gave the object up while relocating
 * @param programs instructions by name, in the object's order
 * @param said its warnings
 */
record Libbpf(boolean refused, Map<String, byte[]> programs, List<String> said) {

  /** For the running kernel. */
  static Libbpf relocate(Path object) {
    return run(object, "-");
  }

  /** For the types of another file. */
  static Libbpf relocate(Path object, Path types) {
    return run(object, types.toString());
  }

  private static Libbpf run(Path object, String types) {
    String program = Programs.compiled("libbpf_relocate.c", "-O1", "-Wall", "-lbpf").toString();
    boolean refused = true;
    Map<String, byte[]> programs = new LinkedHashMap<>();
    List<String> said = new ArrayList<>();
    for (String line : Programs.run(program, object.toString(), types).lines().toList()) {
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case "program" -> programs.put(words[1], HexFormat.of().parseHex(words[2]));
        case "said" -> said.add(line.substring("said ".length()));
        case "relocated" -> refused = false;
        default -> {}
      }
    }
    return new Libbpf(refused, programs, said);
  }
}
