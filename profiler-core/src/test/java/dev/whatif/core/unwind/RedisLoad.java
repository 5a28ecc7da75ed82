package dev.whatif.core.unwind;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/** A redis-server under a mixed load from one connection. */
final class RedisLoad {

  private final int port;
  private volatile boolean done;
  private final Thread thread = new Thread(this::run, "redis-load");

  private RedisLoad(int port) {
    this.port = port;
  }

  static StoppedProgram start(Path program) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    RedisLoad load = new RedisLoad(port);
    StoppedProgram redis =
        StoppedProgram.start(
            load::end, program, "--port", "" + port, "--save", "", "--bind", "127.0.0.1");
    load.thread.start();
    return redis;
  }

  private void end() {
    done = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Random random = new Random(7);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      byte[] answers = new byte[1 << 16];
      while (!done) {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 30; i++) {
          batch.append(command(random)).append("\r\n");
        }
        // SCAN and the like answer with several lines; the end is known by the last ECHO.
        batch.append("ECHO the-end\r\n");
        out.write(batch.toString().getBytes(StandardCharsets.US_ASCII));
        String tail = "";
        while (!tail.endsWith("the-end\r\n")) {
          int n = in.read(answers);
          if (n < 0) {
            return;
          }
          String more = tail + new String(answers, 0, n, StandardCharsets.ISO_8859_1);
          tail = more.substring(Math.max(0, more.length() - 16));
        }
      }
    } catch (IOException e) {
      // The server was ended.
    }
  }

  private static String command(Random random) {
    int key = random.nextInt(5000);
    return switch (random.nextInt(9)) {
      case 0 -> "SET key:%d %s".formatted(key, "v".repeat(1 + key % 300));
      case 1 -> "GET key:%d".formatted(key);
      case 2 -> "LPUSH list:%d a b c d".formatted(key % 50);
      case 3 -> "ZADD zset:%d %d m%d".formatted(key % 20, random.nextInt(100000), key);
      case 4 -> "ZRANGEBYSCORE zset:%d 100 5000 WITHSCORES LIMIT 0 20".formatted(key % 20);
      case 5 -> "SCAN %d COUNT 50".formatted(key);
      case 6 -> "LTRIM list:%d 0 200".formatted(key % 50);
      case 7 -> "EVAL \"local s=0 for i=1,200 do s=s+#tostring(i) end return s\" 0";
      default -> "SORT list:%d ALPHA LIMIT 0 5".formatted(key % 50);
    };
  }
}
