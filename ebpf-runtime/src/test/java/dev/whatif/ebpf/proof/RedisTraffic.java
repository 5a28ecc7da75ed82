package dev.whatif.ebpf.proof;

import dev.whatif.core.linux.SpawnHeader;
import dev.whatif.core.process.Spawn;
import dev.whatif.testing.Programs;
import dev.whatif.testing.RedisServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A redis-server under load from several connections, every one of whose answers is compared with
 * the known one: pipelined INCR, SET, GET, LPUSH and LLEN over keys of the connection's own.
 */
final class RedisTraffic implements AutoCloseable {

  private static final int CONNECTIONS = 4;
  private static final int PIPELINE = 16;

  private final Spawn server;
  private final int port;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicReference<String> failure = new AtomicReference<>("");
  private volatile boolean done;

  private RedisTraffic(Spawn server, int port) {
    this.server = server;
    this.port = port;
  }

  static RedisTraffic start() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String log = Programs.folder("redis").resolve("traffic.log").toString();
    Spawn server =
        Spawn.running(
            List.of(
                RedisServer.program().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--io-threads",
                "2"),
            new SpawnHeader.Files(List.of(), log));
    RedisTraffic traffic = new RedisTraffic(server, port);
    for (int i = 0; i < CONNECTIONS; i++) {
      int number = i;
      Thread thread = new Thread(() -> traffic.run(number), "redis-traffic-" + i);
      thread.setDaemon(true);
      thread.start();
      traffic.threads.add(thread);
    }
    traffic.goesOn();
    return traffic;
  }

  int pid() {
    return server.pid();
  }

  long answered() {
    return answered.get();
  }

  /** Waits for a few hundred right answers more. */
  void goesOn() throws InterruptedException {
    long until = answered.get() + 300;
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (answered.get() < until && System.nanoTime() < deadline) {
      isRight();
      Thread.sleep(1);
    }
    isRight();
    if (answered.get() < until) {
      throw new AssertionError("redis does not answer any more");
    }
  }

  void isRight() {
    if (!failure.get().isEmpty() || !server.running()) {
      throw new AssertionError("redis: " + failure.get() + "; ended: " + server.ended());
    }
  }

  private void run(int connection) {
    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (long round = 1; !done; round++) {
        StringBuilder questions = new StringBuilder();
        StringBuilder wanted = new StringBuilder();
        for (int i = 0; i < PIPELINE; i++) {
          String value = "v".repeat((int) ((round * 7 + i) % 200));
          long counted = (round - 1) * PIPELINE + i + 1;
          questions
              .append("INCR count:" + connection + "\r\n")
              .append("SET text:" + connection + " x" + value + "\r\n")
              .append("GET text:" + connection + "\r\n")
              .append("LPUSH list:" + connection + " a\r\n");
          wanted
              .append(":" + counted + "\r\n+OK\r\n")
              .append("$" + (value.length() + 1) + "\r\nx" + value + "\r\n")
              .append(":" + counted + "\r\n");
        }
        out.write(questions.toString().getBytes(StandardCharsets.US_ASCII));
        byte[] known = wanted.toString().getBytes(StandardCharsets.US_ASCII);
        String got = new String(in.readNBytes(known.length), StandardCharsets.US_ASCII);
        if (!got.equals(wanted.toString())) {
          failure.compareAndSet("", "a wrong answer in round " + round + ": " + got);
          return;
        }
        answered.addAndGet(PIPELINE * 4);
      }
    } catch (IOException | InterruptedException e) {
      if (!done) {
        failure.compareAndSet("", e.toString());
      }
    }
  }

  private Socket connect() throws IOException, InterruptedException {
    for (int i = 0; ; i++) {
      try {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return socket;
      } catch (IOException e) {
        if (i == 500) {
          throw e;
        }
        Thread.sleep(10);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    done = true;
    for (Thread thread : threads) {
      thread.join(10_000);
    }
    server.stop(Duration.ZERO);
  }
}
