package io.eddy.e2e;

import io.eddy.embedded.EmbeddedBroker;

class InProcessEndToEndIT extends EndToEndContract {
  @Override
  BrokerUnderTest startBroker() {
    EmbeddedBroker broker = EmbeddedBroker.start();
    return new BrokerUnderTest() {
      @Override
      public String bootstrapServers() {
        return broker.bootstrapServers();
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }
}
