package dev.whatif.samples.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.RedisOutputStream;

/**
 * The requests of a {@link RedisLoad}, encoded beforehand and sent as they are: clients so cheap
 * that the server is what limits them, for measurements of the server alone.
 *
 * <p>Every client sends bursts of {@link RedisLoadOptions#pipeline} requests and an ECHO, and waits
 * for the answer to the ECHO; other answers are dropped unread. The same requests are sent at every
 * {@link #run}. Runs must not overlap.
 */
public final class RequestReplay {

  private static final byte[] MARK = "whatif-end-of-burst".getBytes(US_ASCII);
  private static final byte[] ANSWER =
      ("$" + MARK.length + "\r\nwhatif-end-of-burst\r\n").getBytes(US_ASCII);
  private static final int DISTINCT_BURSTS = 1500;

  private final RedisLoadOptions options;
  private final List<List<byte[]>> burstsOfClients = new ArrayList<>();

  /** Encodes the requests of all clients. */
  public RequestReplay(RedisLoadOptions options) {
    this.options = options;
    for (int client = 0; client < options.clients(); client++) {
      RequestMix mix = new RequestMix(options, client);
      List<byte[]> bursts = new ArrayList<>();
      for (int i = 0; i < DISTINCT_BURSTS; i++) {
        bursts.add(burst(mix, options.pipeline()));
      }
      burstsOfClients.add(bursts);
    }
  }

  /** How many requests there are before the first is sent again, over all clients. */
  static long distinctRequests(RedisLoadOptions options) {
    return (long) DISTINCT_BURSTS * options.clients() * options.pipeline();
  }

  /**
   * Requests that one {@link #run} sends, the ECHOs not counted: what was asked for, in whole
   * bursts.
   */
  public long requests() {
    return burstsEach() * options.clients() * options.pipeline();
  }

  /**
   * Sends them all to a Redis on this machine and waits for the answers.
   *
   * @throws IOException when the server cuts a client off
   */
  public void run(int port) throws IOException, InterruptedException {
    run(port, burstsEach());
  }

  /** Sends them again and again, until the server cuts a client off. */
  void runForever(int port) throws IOException, InterruptedException {
    run(port, Long.MAX_VALUE);
  }

  private void run(int port, long burstsEach) throws IOException, InterruptedException {
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    List<Thread> clients = new ArrayList<>();
    for (List<byte[]> bursts : burstsOfClients) {
      clients.add(
          Thread.ofPlatform()
              .name("redis-replay")
              .start(() -> {
                try {
                  send(port, bursts, burstsEach);
                } catch (IOException e) {
                  failure.compareAndSet(null, e);
                }
              }));
    }
    for (Thread client : clients) {
      client.join();
    }
    IOException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  private long burstsEach() {
    return options.requests() / ((long) options.clients() * options.pipeline());
  }

  private static void send(int port, List<byte[]> bursts, long burstsEach) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[1 << 18];
      for (long i = 0; i < burstsEach; i++) {
        out.write(bursts.get((int) (i % bursts.size())));
        awaitMark(in, buffer);
      }
    }
  }

  /**
   * Reads until the answers end in the mark; a value never does, for it would have to hold a line's
   * end.
   */
  private static void awaitMark(InputStream in, byte[] buffer) throws IOException {
    int kept = 0;
    while (true) {
      int n = in.read(buffer, kept, buffer.length - kept);
      if (n < 0) {
        throw new IOException("the server closed the connection");
      }
      int end = kept + n;
      if (end >= ANSWER.length
          && Arrays.equals(buffer, end - ANSWER.length, end, ANSWER, 0, ANSWER.length)) {
        return;
      }
      kept = Math.min(end, ANSWER.length);
      System.arraycopy(buffer, end - kept, buffer, 0, kept);
    }
  }

  private static byte[] burst(RequestMix mix, int requests) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RedisOutputStream out = new RedisOutputStream(bytes)) {
      for (int i = 0; i < requests; i++) {
        RedisRequest request = mix.next();
        CommandArguments arguments = new CommandArguments(request.command());
        request.arguments().forEach(arguments::add);
        Protocol.sendCommand(out, arguments);
      }
      Protocol.sendCommand(out, new CommandArguments(Protocol.Command.ECHO).add(MARK));
    } catch (IOException e) {
      throw new IllegalStateException("a byte array does not fail", e);
    }
    return bytes.toByteArray();
  }
}
