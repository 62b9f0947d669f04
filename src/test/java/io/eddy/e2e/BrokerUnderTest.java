package io.eddy.e2e;

/** A running broker that tests may do with as they like. */
interface BrokerUnderTest extends AutoCloseable {
  String bootstrapServers();

  /** Ends it, cleanly or not, and starts it again, at the same address with the same data. */
  void restart();

  @Override
  void close();
}
