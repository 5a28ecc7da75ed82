package dev.whatif.ebpf.command;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.core.failure.WhatifException;
import dev.whatif.core.report.Terminal;
import dev.whatif.ebpf.aot.AotFile;
import dev.whatif.ebpf.aot.NativeImage;
import dev.whatif.ebpf.aot.UserKey;
import dev.whatif.ebpf.jit.CompiledCode;
import dev.whatif.ebpf.jit.Jit;
import dev.whatif.ebpf.object.BpfObject;
import dev.whatif.ebpf.object.ProgramDefinition;
import dev.whatif.ebpf.runtime.ObjectPrograms;
import dev.whatif.ebpf.verifier.ProgramRefusal;
import dev.whatif.ebpf.verifier.RuleSet;
import dev.whatif.ebpf.verifier.VerifiedProgram;
import dev.whatif.ebpf.verifier.Verifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whatif bpf compile}: an object and its machine code in one file. */
@Command(
    name = "compile",
    description = "Compiles the programs of a BPF object to x86-64, for later.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The file holds the object and the machine code of each of its programs. Whoever",
      "loads it verifies the object's programs anew; the machine code counts only if",
      "it was made of the same instructions, by this user (it is signed with a key in",
      "~/.local/state/whatif), for a CPU that this one can stand in for. Else they are",
      "compiled again.",
      "",
      "Exit code: 0; 5 when the file is no BPF object or a program is refused.",
      "",
      "Example:",
      "  whatif bpf compile probe.bpf.o -o probe.aot"
    })
final class CompileCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "an object made by clang -target bpf")
  @Nullable Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "where to write it; an older one is replaced")
  @Nullable Path output;

  CompileCommand() {}

  @Override
  public Integer call() {
    Path path = Objects.requireNonNull(file);
    BpfObject object = BpfObject.open(path);
    if (object.programs().isEmpty()) {
      throw new BadDataException(
          object.name() + ": there is no program in it",
          "compile a source with functions in SEC(\"...\")");
    }
    ObjectPrograms programs = new ObjectPrograms(object);
    List<NativeImage> images = new ArrayList<>();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    for (ProgramDefinition definition : object.programs()) {
      VerifiedProgram program = verified(programs, definition);
      CompiledCode code = Jit.compile(program);
      images.add(NativeImage.of(program, code));
      out.println(
          "%s (%s): %d slots, %,d bytes of machine code"
              .formatted(
                  Terminal.clean(definition.name()),
                  Terminal.clean(definition.section()),
                  definition.slots(),
                  code.bytes().length));
    }
    write(AotFile.write(bytes(path), images, UserKey.ofThisUser()));
    out.flush();
    return 0;
  }

  private static VerifiedProgram verified(ObjectPrograms programs, ProgramDefinition definition) {
    try {
      return Verifier.verify(programs.program(definition), RuleSet.KERNEL);
    } catch (ProgramRefusal e) {
      throw e.asBadData();
    }
  }

  private static byte[] bytes(Path path) throws WhatifException {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UnavailableException("cannot read " + path + ": " + e.getMessage(), null, e);
    }
  }

  /** Whole or not at all. */
  private void write(byte[] bytes) {
    Path target = Objects.requireNonNull(output).toAbsolutePath();
    Path folder = Objects.requireNonNull(target.getParent());
    if (!Files.isDirectory(folder)) {
      throw new UsageException(folder + " is no folder");
    }
    try {
      Path part = Files.createTempFile(folder, target.getFileName().toString(), ".part");
      try {
        Files.write(part, bytes);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UnavailableException("cannot write " + target + ": " + e.getMessage(), null, e);
    }
  }
}
