package io.eddy.e2e;

/** A broker for one test class. */
interface BrokerUnderTest extends AutoCloseable {
  String bootstrapServers();

  /** Restarts the broker with the same address and data. */
  void restart();

  @Override
  void close();
}
