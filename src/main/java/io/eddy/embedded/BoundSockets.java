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
 * The broker's listening sockets, bound before it starts. The ports are thus known and held when
 * its settings are written: nobody can take a free port between its choice and its use.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
  static final String HOST = "127.0.0.1";

  private final Map<String, ServerSocketChannel> sockets = new HashMap<>();

  /**
   * Binds a socket on the loopback interface for a listener.
   *
   * @param port to bind; 0 for a free one
   * @return the address bound
   * @throws BindException where the port is taken
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
              "port %d is %s: choose another with --port"
                  .formatted(port, isForbidden ? "not allowed" : "in use"));
      taken.initCause(e);
      throw taken;
    }
    return new InetSocketAddress(loopback(), socket.socket().getLocalPort());
  }

  /** Hands over the socket bound for a listener; from here on it is Kafka's to close. */
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

  /** Closes the sockets that were not handed over. */
  @Override
  public synchronized void close() throws IOException {
    for (ServerSocketChannel socket : sockets.values()) {
      socket.close();
    }
    sockets.clear();
  }

  /**
   * By number, since {@code localhost} may be an IPv6 address that the clients do not try first.
   */
  private static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1});
  }
}
