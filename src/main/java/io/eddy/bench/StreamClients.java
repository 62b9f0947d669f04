package io.eddy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients of event streams that cost little: one thread reads all of them and counts the forecasts,
 * which are the events with an id.
 */
final class StreamClients implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long START_TIMEOUT_S = 60;

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final LongAdder bytes = new LongAdder();
  private final LongAdder forecasts = new LongAdder();
  private final CountDownLatch started;
  private final Thread thread = new Thread(this::read, "bench-stream-clients");
  private volatile boolean isClosed;

  /** A client; holds whether the last byte ended a line, and whether any was received. */
  private static final class Client {
    boolean isLineStart;
    boolean hasStarted;
  }

  /**
   * Connects clients, each to the stream of another series, from {@code sensor-0} on.
   *
   * @param server address of the HTTP server
   * @param series number of series; further clients begin again with the first one
   */
  StreamClients(URI server, int clients, int series) throws IOException {
    started = new CountDownLatch(clients);
    for (int i = 0; i < clients; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
      String name = URLEncoder.encode("sensor-" + i % series, StandardCharsets.UTF_8);
      String request =
          "GET /api/series/%s/stream HTTP/1.1\r\nHost: %s\r\n\r\n"
              .formatted(name, server.getAuthority());
      ByteBuffer encoded = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
      while (encoded.hasRemaining()) {
        channel.write(encoded);
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Client());
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until every client has received its first event. */
  void awaitStart() throws InterruptedException {
    if (!started.await(START_TIMEOUT_S, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "%d clients have not received an event within %d s"
              .formatted(started.getCount(), START_TIMEOUT_S));
    }
  }

  long bytes() {
    return bytes.sum();
  }

  long forecasts() {
    return forecasts.sum();
  }

  /** Returns the CPU time of the clients so far. */
  long cpuNs() {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
  }

  private void read() {
    try {
      while (!isClosed) {
        selector.select();
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
          read(keys.next());
          keys.remove();
        }
      }
    } catch (IOException e) {
      if (!isClosed) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void read(SelectionKey key) throws IOException {
    Client client = (Client) key.attachment();
    buffer.clear();
    int size = ((SocketChannel) key.channel()).read(buffer);
    if (size < 0) {
      key.cancel();
      return;
    }
    bytes.add(size);
    int found = 0;
    for (int i = 0; i < size; i++) {
      byte next = buffer.get(i);
      found += client.isLineStart && next == 'i' ? 1 : 0;
      client.isLineStart = next == '\n';
    }
    forecasts.add(found);
    if (found > 0 && !client.hasStarted) {
      client.hasStarted = true;
      started.countDown();
    }
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
