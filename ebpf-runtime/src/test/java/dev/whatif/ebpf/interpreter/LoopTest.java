package dev.whatif.ebpf.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LoopTest {

  /** HotSpot's HugeMethodLimit: longer methods are never compiled. */
  private static final int LONGEST = 8_000;

  @Test
  void noMethodOfThePackageIsTooLongToBeCompiled() throws IOException {
    try (InputStream file = Loop.class.getResourceAsStream("Loop.class")) {
      byte[] bytes = Objects.requireNonNull(file).readAllBytes();
      assertThat(ClassFile.of().parse(bytes).methods())
          .allSatisfy(m -> assertThat(length(m)).isPositive().isLessThan(LONGEST));
    }
  }

  private static int length(MethodModel method) {
    return ((CodeAttribute) method.code().orElseThrow()).codeLength();
  }
}
