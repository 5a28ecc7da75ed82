package dev.whatif.core.sample;

import dev.whatif.core.linux.CpuList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The CPUs that are running: {@code /sys/devices/system/cpu/online}, for example "0-3,5". */
final class OnlineCpus {

  private OnlineCpus() {}

  static int[] read() {
    try {
      return parse(Files.readString(Path.of("/sys/devices/system/cpu/online")).strip());
    } catch (IOException e) {
      return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
    }
  }

  static int[] parse(String list) {
    return CpuList.parse(list);
  }
}
