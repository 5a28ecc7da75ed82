package dev.whatif.core.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.KernelHeader;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requires({Requirement.BPF, Requirement.GCC})
class BpfLayoutsTest {

  private static final Map<String, Long> KERNEL = kernel();
  private static final Set<String> OUR_OWN = Set.of("BYTES", "SLOT_BYTES");

  private static Map<String, Long> kernel() {
    Map<String, Long> result = new HashMap<>();
    Programs.run(Programs.compiled("bpf-layouts.c", "-w", "-I" + KernelHeader.folder()).toString())
        .lines()
        .map(l -> l.split(" "))
        .forEach(l -> result.put(l[0], Long.valueOf(l[1])));
    return result;
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        BpfBatchAttr.class,
        BpfBtfAttr.class,
        BpfElementAttr.class,
        BpfIdAttr.class,
        BpfInfoAttr.class,
        BpfLinkAttr.class,
        BpfMapAttr.class,
        BpfPathAttr.class,
        BpfProgramAttr.class,
        BpfRawTracepointAttr.class,
        BpfTestAttr.class,
        BpfBtfInfo.class,
        BpfLinkInfo.class,
        BpfMapInfo.class,
        BpfProgramInfo.class
      })
  void everyFieldLiesWhereTheRunningKernelHasIt(Class<?> struct) throws IllegalAccessException {
    for (Field field : struct.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())
          && field.getType().isPrimitive()
          && !OUR_OWN.contains(field.getName())) {
        field.setAccessible(true);
        String name = struct.getSimpleName() + "." + field.getName();
        assertThat(KERNEL).containsEntry(name, ((Number) field.get(null)).longValue());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void commandsHaveTheKernelsNumbers(BpfCommand command) {
    assertThat(KERNEL).containsEntry(command.name(), (long) command.ordinal());
  }

  @Test
  void flagsHaveTheKernelsNumbers() {
    assertThat(KERNEL)
        .containsEntry("BPF_NOEXIST", (long) Bpf.BPF_NOEXIST)
        .containsEntry("BPF_EXIST", (long) Bpf.BPF_EXIST)
        .containsEntry("BPF_F_LOCK", (long) Bpf.BPF_F_LOCK)
        .containsEntry("BPF_F_NO_PREALLOC", (long) Bpf.BPF_F_NO_PREALLOC)
        .containsEntry("BPF_F_RDONLY_PROG", (long) Bpf.BPF_F_RDONLY_PROG)
        .containsEntry("BPF_F_MMAPABLE", (long) Bpf.BPF_F_MMAPABLE)
        .containsEntry("BPF_F_LINK", (long) Bpf.BPF_F_LINK)
        .containsEntry("BPF_F_VTYPE_BTF_OBJ_FD", (long) Bpf.BPF_F_VTYPE_BTF_OBJ_FD)
        .containsEntry("BPF_F_UPROBE_MULTI_RETURN", (long) Bpf.BPF_F_UPROBE_MULTI_RETURN);
  }
}
