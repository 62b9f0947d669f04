package io.eddy.kafka.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eddy.kafka.schema.RegistryUnavailableException;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.kafka.state.UnknownLayoutException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureKindTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void isDeterminedByCause(Throwable cause, FailureKind kind) {
    assertThat(FailureKind.of(cause)).isEqualTo(kind);
    assertThat(FailureKind.of(new StreamsException("failed", cause))).isEqualTo(kind);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new TimeoutException("no answer"), FailureKind.CONNECTION),
        arguments(new DisconnectException(), FailureKind.CONNECTION),
        arguments(new NotEnoughReplicasException("1 of 2"), FailureKind.CONNECTION),
        arguments(new InvalidTxnStateException("invalid state"), FailureKind.CONNECTION),
        arguments(new ProducerFencedException("fenced"), FailureKind.CONNECTION),
        arguments(new InvalidProducerEpochException("old"), FailureKind.CONNECTION),
        arguments(new KafkaException("we are in an error state"), FailureKind.CONNECTION),
        arguments(
            new TaskMigratedException("fenced", new RuntimeException()), FailureKind.CONNECTION),
        arguments(new IllegalStateException("a bug"), FailureKind.UNEXPECTED),
        arguments(new RecordTooLargeException("1.5 MB"), FailureKind.UNEXPECTED),
        arguments(new ProcessorStateException("no space left"), FailureKind.UNEXPECTED),
        arguments(new TopicAuthorizationException(Set.of("events")), FailureKind.FATAL),
        arguments(new TransactionalIdAuthorizationException("denied"), FailureKind.FATAL),
        arguments(new SaslAuthenticationException("wrong password"), FailureKind.FATAL),
        arguments(new ConfigException("no such class"), FailureKind.FATAL),
        arguments(new FencedInstanceIdException("used twice"), FailureKind.FATAL),
        arguments(
            new KafkaException("cannot construct", new ConfigException("bad")), FailureKind.FATAL),
        arguments(new SchemaRegistryException("incompatible"), FailureKind.FATAL),
        arguments(
            new RegistryUnavailableException(
                new SchemaRegistrySettings(
                    URI.create("http://localhost:1"), null, true, SchemaIdType.CONFLUENT),
                "refused"),
            FailureKind.REGISTRY),
        arguments(new UnknownLayoutException("series state", (byte) 7), FailureKind.FATAL),
        arguments(
            new OffsetOutOfRangeException(Map.of(new TopicPartition("models", 0), 5L)),
            FailureKind.FATAL),
        arguments(new OutOfMemoryError(), FailureKind.FATAL));
  }
}
