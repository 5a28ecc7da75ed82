package dev.whatif.ebpf.kernel;

import dev.whatif.core.linux.BpfProgramAttr;
import dev.whatif.ebpf.object.ProgramType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What a program shall be, filled by name. Used by one thread, until the program is loaded. */
public final class ProgramSpec {

  final String name;
  final ProgramType type;
  private final byte[] code;
  private String license = "GPL";
  private int expectedAttachType;
  private int flags;
  private @Nullable KernelBtf btf;
  private byte[] functions = {};
  private int functionBytes;
  private byte[] lines = {};
  private int lineBytes;
  private byte[] relocations = {};
  private int relocationBytes;
  private int attachTypeId;
  private @Nullable KernelObject attachObject;
  private List<KernelBtf> modules = List.of();
  private IntFunction<Optional<String>> source = i -> Optional.empty();

  /**
   * The least that every program has.
   *
   * @param name the kernel keeps 15 characters of it
   * @param code slots, with references to maps already filled in
   */
  public ProgramSpec(String name, ProgramType type, byte[] code) {
    this.name = name;
    this.type = type;
    this.code = code.clone();
  }

  /** "GPL" unless said; some helpers are for GPL programs only. */
  public ProgramSpec license(String text) {
    license = text;
    return this;
  }

  /** {@code enum bpf_attach_type}; for struct_ops the index of the member. */
  public ProgramSpec expectedAttachType(int number) {
    expectedAttachType = number;
    return this;
  }

  /** {@code BPF_F_SLEEPABLE} and other {@code prog_flags}. */
  public ProgramSpec flags(int value) {
    flags = value;
    return this;
  }

  /**
   * Types, and what is known about functions and lines: arrays of {@code struct bpf_func_info} and
   * {@code bpf_line_info}, whose offsets count instructions.
   */
  public ProgramSpec types(
      KernelBtf types,
      byte[] functionRecords,
      int functionRecordBytes,
      byte[] lineRecords,
      int lineRecordBytes) {
    btf = types;
    functions = functionRecords.clone();
    functionBytes = functionRecordBytes;
    lines = lineRecords.clone();
    lineBytes = lineRecordBytes;
    return this;
  }

  /** Relocations for the kernel to apply: {@code struct bpf_core_relo}, offsets in bytes. */
  public ProgramSpec relocations(byte[] records, int recordBytes) {
    relocations = records.clone();
    relocationBytes = recordBytes;
    return this;
  }

  /**
   * The function, tracepoint or struct it is for.
   *
   * @param typeId in the kernel's types
   * @param object the module's types, or the program to extend; null is the kernel itself
   */
  public ProgramSpec attachTo(int typeId, @Nullable KernelObject object) {
    attachTypeId = typeId;
    attachObject = object;
    return this;
  }

  /** Modules whose functions it calls: the offset of such a call is 1 + the index here. */
  public ProgramSpec modules(List<KernelBtf> inOrder) {
    modules = List.copyOf(inOrder);
    return this;
  }

  /** Tells the place in the source of an instruction, for kernels that do not. */
  public ProgramSpec source(IntFunction<Optional<String>> ofInstruction) {
    source = ofInstruction;
    return this;
  }

  Optional<String> sourceOf(int instruction) {
    return source.apply(instruction);
  }

  BpfProgramAttr attr(Arena arena) {
    BpfProgramAttr attr =
        new BpfProgramAttr(arena)
            .type(type.number(), expectedAttachType, flags)
            .name(name, license)
            .code(code)
            .relocations(relocations, relocationBytes)
            .attachTo(attachTypeId, attachObject == null ? 0 : attachObject.fd());
    if (btf != null) {
      attr.btf(btf.fd(), functions, functionBytes, lines, lineBytes);
    }
    if (!modules.isEmpty()) {
      // index 0 means the kernel itself and is never looked at
      int[] fds = new int[modules.size() + 1];
      for (int i = 0; i < modules.size(); i++) {
        fds[i + 1] = modules.get(i).fd();
      }
      attr.descriptors(fds);
    }
    return attr;
  }
}
