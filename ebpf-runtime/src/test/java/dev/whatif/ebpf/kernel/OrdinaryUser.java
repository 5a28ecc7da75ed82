package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.WhatifException;
import dev.whatif.ebpf.isa.Code;
import dev.whatif.ebpf.isa.Register;
import dev.whatif.ebpf.object.ProgramType;

/** Tries what only root may, and prints what it is told. */
final class OrdinaryUser {

  private OrdinaryUser() {}

  public static void main(String[] arguments) {
    tell(() -> KernelMap.create(new MapSpec("mine", MapType.ARRAY, 4, 8, 1)).close());
    tell(() ->
        KernelProgram.load(
                new ProgramSpec(
                    "mine",
                    ProgramType.SOCKET_FILTER,
                    Code.build(b -> b.move(Register.R0, 0).exit()).bytes()))
            .close());
    tell(() -> KernelBtf.load("mine.o", new byte[24]).close());
  }

  private static void tell(Runnable attempt) {
    try {
      attempt.run();
      System.out.println("allowed");
    } catch (WhatifException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
