package io.eddy.e2e;

/** A real broker, however it runs. */
interface BrokerUnderTest extends AutoCloseable {
  String bootstrapServers();

  @Override
  void close();
}
