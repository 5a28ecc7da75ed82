package dev.whatif.ebpf.kernel;

import dev.whatif.core.failure.BadDataException;
import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.ebpf.object.SectionKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Attaches programs where the names of their sections say (libbpf's conventions). */
final class SectionPlace {

  /** {@code FILE:FUNCTION+OFFSET}. */
  private static final Pattern PROBE =
      Pattern.compile("(.+):([^:+]+)(?:\\+(0x[0-9a-fA-F]{1,15}|\\d{1,18}))?");

  private static final int EVERY_PROCESS = -1;

  private static final List<String> UNSUPPORTED =
      List.of("kprobe", "kretprobe", "ksyscall", "kretsyscall", "usdt", "iter", "lsm_cgroup");

  private SectionPlace() {}

  static Optional<KernelLink> attach(KernelProgram program, SectionKind kind) {
    String target = kind.target();
    boolean named = !target.isEmpty();
    if (named && isUnsupported(kind.pattern())) {
      throw new UnavailableException(
          "program '%s': whatif does not attach to '%s' as a %s section asks"
              .formatted(program.name(), target, kind.pattern().replace("+", "")),
          "use tp_btf, raw_tp, tp, fentry, fexit, uprobe or uprobe.multi; or leave it out");
    }
    return switch (kind.type()) {
      case TRACING, LSM ->
          named && !isElsewhere(kind.pattern())
              ? Optional.of(KernelLink.tracing(program, kind.pattern().replace("+", "/") + target))
              : Optional.empty();
      case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE ->
          named ? Optional.of(KernelLink.rawTracepoint(program, target)) : Optional.empty();
      case TRACEPOINT -> named ? Optional.of(tracepoint(program, target)) : Optional.empty();
      case KPROBE -> named ? probe(program, kind) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** An iterator runs when it is read, a control group's hook belongs to a group. */
  private static boolean isElsewhere(String pattern) {
    return pattern.startsWith("iter") || pattern.startsWith("lsm_cgroup");
  }

  private static KernelLink tracepoint(KernelProgram program, String target) {
    int slash = target.indexOf('/');
    if (slash < 0) {
      throw new BadDataException(
          "program '%s': tracepoint '%s' has no category".formatted(program.name(), target),
          "name the section tp/CATEGORY/NAME");
    }
    return KernelLink.event(
        program,
        new EventPlace.Tracepoint(target.substring(0, slash), target.substring(slash + 1)),
        0);
  }

  private static Optional<KernelLink> probe(KernelProgram program, SectionKind kind) {
    String pattern = kind.pattern();
    boolean atReturn = pattern.startsWith("uret");
    Matcher m = PROBE.matcher(kind.target());
    if (!m.matches()) {
      throw new BadDataException(
          "program '%s': '%s' names no function".formatted(program.name(), kind.target()),
          "name the section uprobe/FILE:FUNCTION");
    }
    ProbedFile file = ProbedFile.of(m.group(1));
    long offset = file.offsetOf(m.group(2)) + (m.group(3) == null ? 0 : Long.decode(m.group(3)));
    return Optional.of(
        pattern.contains(".multi")
            ? KernelLink.uprobes(
                program, file.path().toString(), new long[] {offset}, new long[0], atReturn, 0)
            : KernelLink.event(
                program,
                new EventPlace.Uprobe(file.path().toString(), offset, atReturn, EVERY_PROCESS, 0),
                0));
  }

  /** Sections that name a place of a kind that nothing here attaches to. */
  private static boolean isUnsupported(String pattern) {
    return UNSUPPORTED.stream().anyMatch(pattern::startsWith) || pattern.contains(".session");
  }

  /** Whether a program of that section has to be told its target when it is loaded. */
  static boolean isNamedInTypes(SectionKind kind) {
    return kind.byBtf() && kind.type() != ProgramType.EXT;
  }
}
