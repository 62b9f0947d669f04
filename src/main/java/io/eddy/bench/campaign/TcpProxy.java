package io.eddy.bench.campaign;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forwards connections to a listener of a broker, with the network's faults between the process
 * that connects and the broker.
 */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 32 << 10;
  private static final int BACKLOG = 200;

  private final String broker;
  private final int target;
  private final Network network;
  private final SocketOwners owners;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /**
   * Listens on a free port.
   *
   * @param broker name of the broker
   * @param target port of its listener
   */
  TcpProxy(String broker, int target, Network network, SocketOwners owners) throws IOException {
    this.broker = broker;
    this.target = target;
    this.network = network;
    this.owners = owners;
    server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  }

  void start() {
    run("accept", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void run(String name, Runnable task) {
    Thread thread = new Thread(null, task, "proxy-" + broker + "-" + name, 64 << 10);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        run("connect", () -> connect(client));
      } catch (IOException e) {
        // The proxy is closed, or the client has gone.
      }
    }
  }

  private void connect(Socket client) {
    Socket upstream = new Socket();
    sockets.add(upstream);
    ConnectionSource source = new ConnectionSource(owners, client.getPort());
    try {
      network.pass(source, broker, new Random(0));
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      run("upstream", () -> pump(client, upstream, source));
      pump(upstream, client, source);
    } catch (IOException e) {
      close(client, upstream);
    } catch (InterruptedException e) {
      close(client, upstream);
      Thread.currentThread().interrupt();
    }
  }

  private void pump(Socket from, Socket to, ConnectionSource source) {
    byte[] buffer = new byte[BUFFER_BYTES];
    Random random = new Random(from.getPort());
    try {
      for (int size; (size = from.getInputStream().read(buffer)) >= 0; ) {
        network.pass(source, broker, random);
        to.getOutputStream().write(buffer, 0, size);
      }
    } catch (IOException e) {
      // One of the two ends has closed the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(from, to);
    }
  }

  private void close(Socket... ended) {
    for (Socket socket : ended) {
      sockets.remove(socket);
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed already.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
