package io.eddy.demo;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.HttpSettings;
import io.eddy.serving.ForecasterServer;
import io.eddy.serving.http.HttpListenerException;

/** Opens the demo's HTTP server on the first free port. */
final class DemoServer {
  private static final String HOST = "127.0.0.1";
  private static final int PORTS = 20;

  private DemoServer() {}

  /**
   * Opens the server.
   *
   * @param port the first port to try; the next ones follow if it is in use, at last any free one
   */
  static ForecasterServer open(EddyConfig config, int port) {
    int end = Math.min(port + PORTS, 1 << 16);
    for (int next = port; next < end; next++) {
      try {
        return openAt(config, next);
      } catch (HttpListenerException e) {
        // The port is in use.
      }
    }
    return openAt(config, 0);
  }

  private static ForecasterServer openAt(EddyConfig config, int port) {
    HttpSettings http = new HttpSettings(new HttpSettings.Address(HOST, port), null, null);
    return ForecasterServer.open(new EddyConfig(config.stream(), config.deployment(), http));
  }
}
