package io.eddy.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Provides the broker's listening sockets, bound before the broker starts. The ports are therefore
 * known when the broker's settings are written, and no other process can take a free port
 * meanwhile.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
  static final String HOST = "127.0.0.1";

  private final Map<String, ServerSocketChannel> sockets = new HashMap<>();

  /**
   * Binds a socket on the loopback interface for a listener.
   *
   * @param port to bind; 0 for a free one
   * @return the address bound
   * @throws BindException if the port is in use or not allowed
   */
  synchronized InetSocketAddress bind(String listener, int port) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    sockets.put(listener, socket);
    socket.configureBlocking(false);
    try {
      socket.bind(new InetSocketAddress(loopback(), port));
    } catch (BindException e) {
      boolean isForbidden = String.valueOf(e.getMessage()).contains("denied");
      BindException taken =
          new BindException(
              "port %d is %s; choose another port (--port)"
                  .formatted(port, isForbidden ? "not allowed" : "in use"));
      taken.initCause(e);
      throw taken;
    }
    return new InetSocketAddress(loopback(), socket.socket().getLocalPort());
  }

  /** Returns the socket bound for a listener; Kafka closes it. */
  @Override
  public synchronized ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferSize)
      throws IOException {
    ServerSocketChannel socket = sockets.remove(listener);
    if (socket == null) {
      throw new IOException("no socket is bound for listener " + listener);
    }
    return socket;
  }

  /** Closes the sockets that Kafka did not take. */
  @Override
  public synchronized void close() throws IOException {
    for (ServerSocketChannel socket : sockets.values()) {
      socket.close();
    }
    sockets.clear();
  }

  /**
   * Returns the IPv4 loopback address; {@code localhost} may resolve to an IPv6 address, which
   * clients do not try first.
   */
  private static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1});
  }
}
