package dev.whatif.samples.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.elf.ElfFile;
import dev.whatif.core.failure.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RedisServerTest {

  @Test
  void theCarriedServerAnswersAndLeavesNothing() throws Exception {
    RedisServer server = RedisServer.start();
    Path folder = server.executable().getParent();
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    try (server;
        RedisLoad load =
            RedisLoad.start(server.port(), RedisLoadOptions.DEFAULT.withRequests(2_000))) {
      load.await();
      assertThat(server.carried()).isTrue();
      assertThat(server.version()).startsWith("6.2.");
      assertThat(load.answered()).isEqualTo(2_000);
      assertThat(process.isAlive()).isTrue();
    }
    assertThat(process.isAlive()).isFalse();
    assertThat(folder).doesNotExist();
  }

  @Test
  void itsProgramHasDebugInformation() {
    try (RedisServer server = RedisServer.start();
        ElfFile file = ElfFile.open(server.executable())) {
      assertThat(file.section(".debug_info")).isPresent();
    }
  }

  @Test
  void twoLiveSideBySide() {
    try (RedisServer one = RedisServer.start();
        RedisServer other = RedisServer.start()) {
      assertThat(one.port()).isNotEqualTo(other.port());
      assertThat(one.pid()).isNotEqualTo(other.pid());
    }
  }

  @Test
  void aConfigurationThatRedisRefusesIsReportedInItsWords() {
    assertThatThrownBy(() -> RedisServer.start("--no-such-setting", "1"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("redis-server does not start");
  }

  @Test
  void closingTwiceIsHarmless() {
    RedisServer server = RedisServer.start();
    server.close();
    server.close();
    assertThat(server.running()).isFalse();
  }

  @Test
  void installedServersAreSearchedInTheOrderOfThePath() throws Exception {
    Path first = Files.createTempDirectory("path");
    Path second = Files.createTempDirectory("path");
    Files.createFile(first.resolve("redis-server")); // not executable
    Path program = Files.createFile(second.resolve("redis-server"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(RedisProgram.installed(":" + first + ":" + second)).contains(program);
    assertThat(RedisProgram.installed("")).isEmpty();
  }
}
