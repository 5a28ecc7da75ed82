package dev.whatif.core.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DlfcnTest {

  @Test
  void findsWhatTheLoaderFinds() {
    assertThat(Dlfcn.canLoad("libc.so.6")).isTrue();
    assertThat(Dlfcn.canLoad("libno-such-thing.so.7")).isFalse();
  }
}
