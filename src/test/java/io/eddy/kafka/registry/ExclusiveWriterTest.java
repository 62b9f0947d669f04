package io.eddy.kafka.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExclusiveWriterTest {
  static KafkaException[] rejected() {
    return new KafkaException[] {
      new ProducerFencedException("fenced"),
      new InvalidProducerEpochException("old epoch"),
      new InvalidPidMappingException("expired"),
      new InvalidTxnStateException("not part of an ongoing transaction"),
      new TransactionAbortableException("abort")
    };
  }

  /** A transaction whose outcome is unknown must not be written again. */
  static KafkaException[] unknownOrFatal() {
    return new KafkaException[] {
      new TimeoutException("no answer"), new ClusterAuthorizationException("denied")
    };
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void retriesRejectedTransaction(KafkaException error) {
    assertThat(ExclusiveWriter.isNotCommitted(error)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("unknownOrFatal")
  void doesNotRetryOtherFailures(KafkaException error) {
    assertThat(ExclusiveWriter.isNotCommitted(error)).isFalse();
  }
}
