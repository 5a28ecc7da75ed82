package dev.whatif.ebpf.object;

import dev.whatif.core.elf.Section;
import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UsageException;
import dev.whatif.ebpf.btf.Btf;
import dev.whatif.ebpf.btf.BtfExt;
import dev.whatif.ebpf.btf.LineInfo;
import dev.whatif.ebpf.isa.Slot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A code section as it lies in the file, before anything is linked: what a disassembler shows. Less
 * is asked of the object than by {@link BpfObject}: unknown section names, missing types and code
 * that is no code are no errors here.
 *
 * @param section its name
 * @param code whole slots; bytes behind the last one are left out
 * @param labels the symbols in it, by slot; where several are at one slot, functions come last
 * @param references what relocations put into instructions, by slot: {@code counters}, {@code
 *     .rodata+0x10}, the name of a function
 * @param lines its source lines, by their instruction; empty without {@code .BTF.ext}
 */
public record CodeListing(
    String section,
    byte[] code,
    List<CodeLabel> labels,
    Map<Integer, String> references,
    List<LineInfo> lines) {

  /**
   * The code sections of a file, in its order.
   *
   * @throws BadDataException when it is no BPF object, or a damaged one
   * @throws UsageException when there is no such file
   */
  public static List<CodeListing> open(Path file) {
    return parse(file.toString(), ObjectBytes.of(file));
  }

  /**
   * The code sections of an object in memory.
   *
   * @param name what to call it in errors
   */
  public static List<CodeListing> parse(String name, byte[] bytes) {
    ObjectFile file = new ObjectFile(name, bytes);
    Optional<BtfExt> ext =
        file.bytes(".BTF")
            .map(raw -> Btf.parse(name + ": .BTF", raw))
            .flatMap(btf ->
                file.bytes(".BTF.ext").map(raw -> BtfExt.parse(name + ": .BTF.ext", raw, btf)));
    SectionSymbols symbols = new SectionSymbols(file);
    List<CodeListing> listings = new ArrayList<>();
    for (int i = 0; i < file.sections().size(); i++) {
      Section section = file.sections().get(i);
      if (section.type() == Section.SHT_PROGBITS
          && (section.flags() & Section.SHF_EXECINSTR) != 0
          && section.size() >= Slot.BYTES) {
        listings.add(of(file, i, symbols, ext));
      }
    }
    return listings;
  }

  private static CodeListing of(
      ObjectFile file, int index, SectionSymbols symbols, Optional<BtfExt> ext) {
    Section section = file.sections().get(index);
    byte[] all = file.bytes(section);
    byte[] code = Arrays.copyOf(all, all.length / Slot.BYTES * Slot.BYTES);
    Map<Integer, String> references = new TreeMap<>();
    for (ObjectRelocation relocation : file.relocations(index)) {
      long at = relocation.offset();
      if (at >= 0 && at < code.length) {
        int slot = (int) (at / Slot.BYTES);
        references.put(slot, reference(symbols, relocation, Slot.at(code, slot)));
      }
    }
    List<LineInfo> lines =
        ext.map(e -> e.lines(section.name())).orElse(List.of()).stream()
            .sorted(Comparator.comparingInt(LineInfo::instructionOffset))
            .toList();
    return new CodeListing(
        section.name(), code, labels(symbols.in(index), code), references, lines);
  }

  private static List<CodeLabel> labels(List<ObjectSymbol> symbols, byte[] code) {
    return symbols.stream()
        .filter(s -> s.value() >= 0 && s.value() < code.length)
        .map(s -> {
          long most = code.length - s.value();
          long size = Math.clamp(s.size(), 0, most);
          return new CodeLabel(
              s.name(), (int) (s.value() / Slot.BYTES), (int) (size / Slot.BYTES), s.isFunction());
        })
        .sorted(Comparator.comparingInt(CodeLabel::slot).thenComparing(CodeLabel::function))
        .toList();
  }

  /** What a relocation means; the addend is in the instruction (SHT_REL). */
  private static String reference(SectionSymbols symbols, ObjectRelocation relocation, Slot slot) {
    ObjectSymbol symbol = relocation.symbol();
    if (!symbol.isSection()) {
      boolean call = relocation.type() == ObjectRelocation.R_BPF_64_32;
      return call || slot.imm() == 0 ? symbol.name() : plus(symbol.name(), slot.imm());
    }
    // The immediate of a call counts slots and begins behind the call.
    long value =
        relocation.type() == ObjectRelocation.R_BPF_64_32
            ? (slot.imm() + 1L) * Slot.BYTES
            : slot.imm();
    return symbols
        .covering(symbol.section(), value)
        .map(s -> plus(s.name(), value - s.value()))
        .orElse(plus(symbol.name(), value));
  }

  private static String plus(String name, long offset) {
    return offset == 0
        ? name
        : name + (offset < 0 ? "-0x" : "+0x") + Long.toHexString(Math.abs(offset));
  }

  /** Where a slot is: {@code main}, {@code main+0x10} (bytes); empty before the first label. */
  public Optional<String> place(long slot) {
    int low = 0;
    int high = labels.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (labels.get(middle).slot() <= slot) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0 || slot < 0) {
      return Optional.empty();
    }
    CodeLabel label = labels.get(low - 1);
    return Optional.of(plus(label.name(), (slot - label.slot()) * Slot.BYTES));
  }
}
