package io.eddy.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;

@Tag("slow")
final class ContainerEndToEndIT extends EndToEndContract {
  @Override
  BrokerUnderTest startBroker() {
    assumeTrue(ContainerBroker.isPossible(), "no Docker engine answers");
    return new ContainerBroker();
  }
}
