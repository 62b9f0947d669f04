package io.eddy.e2e;

final class InProcessEndToEndIT extends EndToEndContract {
  @Override
  BrokerUnderTest startBroker() {
    return new InProcessBroker();
  }
}
