package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.BpfCommand;
import dev.whatif.core.linux.BpfPathAttr;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.object.Pinning;
import dev.whatif.ebpf.object.ProgramType;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Pins maps in a folder of a BPF file system and prints what becomes of it. */
final class PinnedMaps {

  private static final int HASH = 1;

  private PinnedMaps() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    MapLoading loading = new MapLoading(null, folder);
    byte[] key = {1, 2, 3, 4};
    try (KernelMap map = loading.load(MapLoadingTest.hash("kept", HASH, 8, Pinning.BY_NAME))) {
      map.update(key, new byte[] {7, 0, 0, 0, 0, 0, 0, 0});
    }
    // nothing here holds it any more
    try (KernelMap map = loading.load(MapLoadingTest.hash("kept", HASH, 8, Pinning.BY_NAME))) {
      System.out.println("found " + map.lookup(key).orElseThrow()[0]);
    }
    try (KernelMap map = loading.load(MapLoadingTest.hash("kept", HASH, 16, Pinning.BY_NAME))) {
      System.out.println("taken " + map);
    } catch (WhatifException e) {
      System.out.println("other size: " + e.getMessage());
    }
    try (KernelProgram program =
            KernelProgram.load(
                new ProgramSpec(
                    "p", ProgramType.XDP, Code.build(b -> b.move(Register.R0, 0).exit()).bytes()));
        Arena arena = Arena.ofConfined()) {
      String path = folder.resolve("program").toString();
      Bpf.call(BpfCommand.BPF_OBJ_PIN, new BpfPathAttr(arena, path, program.fd()));
    }
    try (KernelMap map = loading.load(MapLoadingTest.hash("program", HASH, 8, Pinning.BY_NAME))) {
      System.out.println("taken " + map);
    } catch (WhatifException e) {
      System.out.println("program: " + e.getMessage());
    }
  }
}
