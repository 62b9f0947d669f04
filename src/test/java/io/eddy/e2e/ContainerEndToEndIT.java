package io.eddy.e2e;

import static org.assertj.core.api.Assumptions.assumeThat;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

class ContainerEndToEndIT extends EndToEndContract {
  @Override
  BrokerUnderTest startBroker() {
    assumeThat(DockerClientFactory.instance().isDockerAvailable())
        .as("a container engine answers")
        .isTrue();
    String image = System.getProperty("eddy.kafka.image", "apache/kafka:4.3.1");
    KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(image));
    kafka.start();
    return new BrokerUnderTest() {
      @Override
      public String bootstrapServers() {
        return kafka.getBootstrapServers();
      }

      @Override
      public void close() {
        kafka.close();
      }
    };
  }
}
