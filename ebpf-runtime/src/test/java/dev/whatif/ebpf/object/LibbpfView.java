package dev.whatif.ebpf.object;

import dev.whatif.testing.Programs;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What Debian's libbpf makes of an object (src/test/c/libbpf_programs.c); needs root. */
record LibbpfView(
    Map<String, Program> programs,
    Map<String, Infos> infos,
    Map<String, Mapping> maps,
    byte[] btf,
    boolean loaded) {

  /** Records as bpf(2) takes them. */
  record Infos(byte[] functions, byte[] lines) {}

  record Program(String section, int type, int attachType, boolean sleepable, byte[] code) {}

  record Mapping(
      int fd,
      int type,
      int keySize,
      int valueSize,
      int maxEntries,
      int flags,
      int numaNode,
      long extra,
      int keyType,
      int valueType,
      byte[] initial) {}

  private static final int BPF_F_SLEEPABLE = 1 << 4;

  private static final Map<Path, LibbpfView> KNOWN = new ConcurrentHashMap<>();

  static LibbpfView of(Path object) {
    return KNOWN.computeIfAbsent(object, LibbpfView::asked);
  }

  private static LibbpfView asked(Path object) {
    String oracle = Programs.compiled("libbpf_programs.c", "-O1", "-Wall", "-lbpf").toString();
    Map<String, Program> programs = new LinkedHashMap<>();
    Map<String, Infos> infos = new LinkedHashMap<>();
    Map<String, Mapping> maps = new LinkedHashMap<>();
    byte[] btf = {};
    boolean loaded = false;
    for (String line : Programs.run(oracle, object.toString()).lines().toList()) {
      String[] w = line.split(" ", -1);
      switch (w[0]) {
        case "program" ->
            programs.put(
                w[1],
                new Program(
                    w[2],
                    Integer.parseInt(w[3]),
                    Integer.parseInt(w[4]),
                    (Integer.parseInt(w[5]) & BPF_F_SLEEPABLE) != 0,
                    HexFormat.of().parseHex(w[6])));
        case "load" ->
            infos.put(
                w[1], new Infos(HexFormat.of().parseHex(w[2]), HexFormat.of().parseHex(w[3])));
        case "map" ->
            maps.put(
                w[1],
                new Mapping(
                    Integer.parseInt(w[2]),
                    Integer.parseInt(w[3]),
                    Integer.parseInt(w[4]),
                    Integer.parseInt(w[5]),
                    Integer.parseInt(w[6]),
                    Integer.parseInt(w[7]),
                    Integer.parseInt(w[8]),
                    Long.parseLong(w[9]),
                    Integer.parseInt(w[10]),
                    Integer.parseInt(w[11]),
                    HexFormat.of().parseHex(w[12])));
        case "btf" -> btf = HexFormat.of().parseHex(w[1]);
        case "loaded" -> loaded = w[1].equals("0");
        default -> {}
      }
    }
    return new LibbpfView(programs, infos, maps, btf, loaded);
  }
}
