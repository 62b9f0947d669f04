package io.eddy.bench.campaign;

import org.jspecify.annotations.Nullable;

/**
 * The process that has opened a connection. It is found when it is needed first: the search reads
 * the descriptors of all processes, and on a busy machine takes longer than the controllers wait
 * for a connection.
 */
final class ConnectionSource {
  private final SocketOwners owners;
  private final int port;
  private @Nullable String process;
  private boolean isSearched;

  /**
   * Describes the source of a connection.
   *
   * @param port of the end that has connected
   */
  ConnectionSource(SocketOwners owners, int port) {
    this.owners = owners;
    this.port = port;
  }

  /** Returns the name of the process; null if it is not known. */
  synchronized @Nullable String process() {
    if (!isSearched) {
      process = owners.owner(port);
      isSearched = true;
    }
    return process;
  }
}
