package dev.whatif.ebpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.ebpf.bpfhelper.HelperFunction;
import dev.whatif.ebpf.object.ProgramType;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which types of programs may call which helper, and with what: as the kernel says. */
@Requires({Requirement.ROOT, Requirement.BPF})
class HelpersAgainstKernelTest {

  private static final List<ProgramType> TYPES =
      List.of(
          ProgramType.KPROBE,
          ProgramType.TRACEPOINT,
          ProgramType.RAW_TRACEPOINT,
          ProgramType.PERF_EVENT,
          ProgramType.XDP,
          ProgramType.SOCKET_FILTER,
          ProgramType.SCHED_CLS,
          ProgramType.SYSCALL);

  /** Depend on how the kernel was built and locked down, which is nothing to a user's process. */
  private static final Set<HelperFunction> KERNEL_MAY_HAVE_NOT =
      Set.of(HelperFunction.PROBE_WRITE_USER);

  @Test
  void eachHelperMayBeCalledWhereTheKernelLetsItBeCalled() {
    List<String> wrong = new ArrayList<>();
    for (ProgramType type : TYPES) {
      // a program array takes programs of one type
      try (KernelVerdict.Maps maps = new KernelVerdict.Maps(TestMaps.ALL)) {
        for (HelperFunction helper : HelperFunction.values()) {
          Program program =
              new VerifierCase(helper.cName(), true, true, "", type, text(helper)).program();
          String ours = VerifierAgainstKernelTest.verdict(program);
          KernelVerdict kernel = maps.on(program);
          if (ours.isEmpty() != kernel.accepted() && !KERNEL_MAY_HAVE_NOT.contains(helper)) {
            wrong.add(
                "%s in %s: we: %s; the kernel: %s"
                    .formatted(
                        helper.cName(),
                        type,
                        ours.isEmpty() ? "accepted" : ours.lines().findFirst().orElse(""),
                        kernel.accepted() ? "accepted" : kernel.reason()));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** A call with good arguments. */
  private static String text(HelperFunction helper) {
    StringBuilder text = new StringBuilder("r6 = r1\n");
    boolean gives =
        helper == HelperFunction.RINGBUF_SUBMIT || helper == HelperFunction.RINGBUF_DISCARD;
    if (gives) {
      text.append("r1 = &ring\nr2 = 8\nr3 = 0\ncall 131\nif r0 == 0 goto L\nr7 = r0\n");
    }
    for (int i = 0; i < helper.arguments().size(); i++) {
      String register = "r" + (i + 1);
      text.append(
          switch (helper.arguments().get(i)) {
            case ANYTHING, STACK_OR_NULL -> register + " = 0\n";
            case CONTEXT -> register + " = r6\n";
            case MAP -> register + " = &" + map(helper) + "\n";
            case KEY, VALUE, READABLE, READABLE_OR_NULL, WRITABLE, WRITABLE_OR_NULL ->
                register + " = r10\n" + register + " += -64\n";
            case WRITABLE_LONG -> register + " = r10\n" + register + " += -8\n";
            case SIZE, SIZE_OR_ZERO, CONSTANT_SIZE -> register + " = 16\n";
            case CONSTANT_STRING -> register + " = &rodata[8]\n";
            case FUNCTION -> register + " = &@F\n";
            case RECORD -> register + " = r7\n";
          });
    }
    text.append("call ").append(helper.id()).append('\n');
    if (helper == HelperFunction.RINGBUF_RESERVE) {
      text.append("if r0 == 0 goto L\nr1 = r0\nr2 = 0\ncall 133\n");
    }
    text.append("L:\nr0 = 0\nexit\n");
    boolean callback = helper == HelperFunction.LOOP || helper == HelperFunction.FOR_EACH_MAP_ELEM;
    return callback ? text + "F:\nr0 = 0\nexit\n" : text.toString();
  }

  private static String map(HelperFunction helper) {
    return switch (helper) {
      case RINGBUF_OUTPUT, RINGBUF_RESERVE, RINGBUF_QUERY -> "ring";
      case PERF_EVENT_OUTPUT -> "events";
      case GET_STACKID -> "stacks";
      case TAIL_CALL -> "programs";
      case MAP_LOOKUP_PERCPU_ELEM -> "percpu";
      default -> "hash";
    };
  }
}
