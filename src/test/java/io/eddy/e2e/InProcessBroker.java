package io.eddy.e2e;

import io.eddy.embedded.EmbeddedBroker;

/** The embedded broker. */
final class InProcessBroker implements BrokerUnderTest {
  private final EmbeddedBroker broker = EmbeddedBroker.start();

  @Override
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void restart() {
    broker.restart();
  }

  @Override
  public void close() {
    broker.close();
  }
}
