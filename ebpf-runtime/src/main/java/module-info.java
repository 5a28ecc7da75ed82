/**
 * BPF programs and the places where they run: the instruction set, the objects that clang writes,
 * the kernel's {@code bpf(2)}, and the way into a running process.
 *
 * <p>Start reading at {@link dev.whatif.ebpf.isa}: what a program is made of.
 */
@org.jspecify.annotations.NullMarked
module dev.whatif.ebpf {
  requires transitive dev.whatif.core;
  requires static org.jspecify;

  exports dev.whatif.ebpf.attach;
  exports dev.whatif.ebpf.bpfhelper;
  exports dev.whatif.ebpf.bpfhelper.code;
  exports dev.whatif.ebpf.btf;
  exports dev.whatif.ebpf.conformance;
  exports dev.whatif.ebpf.interpreter;
  exports dev.whatif.ebpf.isa;
  exports dev.whatif.ebpf.jit;
  exports dev.whatif.ebpf.kernel;
  exports dev.whatif.ebpf.map;
  exports dev.whatif.ebpf.map.code;
  exports dev.whatif.ebpf.object;
  exports dev.whatif.ebpf.relocation;
  exports dev.whatif.ebpf.verifier;

  provides dev.whatif.core.command.Subcommand with
      dev.whatif.ebpf.command.BpfCommand;

  opens dev.whatif.ebpf.command to
      info.picocli;
}
