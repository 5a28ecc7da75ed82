package dev.whatif.core.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcePathTest {

  @ParameterizedTest
  @CsvSource({
    "/a/b.c, /a/b.c",
    "/a/./b.c, /a/b.c",
    "/a//b.c, /a/b.c",
    "/a/x/../b.c, /a/b.c",
    "/../b.c, /b.c",
    "../x/b.c, ../x/b.c",
    "./b.c, b.c",
    "a/../../b.c, ../b.c",
    "/a/.hidden/b..c, /a/.hidden/b..c",
  })
  void pathsAreNormalisedAsText(String written, String normalised) {
    assertThat(SourcePath.normalised(written)).isEqualTo(normalised);
  }
}
