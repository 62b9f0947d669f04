package io.eddy.kafka.supervision;

import io.eddy.kafka.schema.RegistryUnavailableException;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.state.UnknownLayoutException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.errors.TopologyException;
import org.jspecify.annotations.Nullable;

/** The kinds of failures that end a stream thread. */
public enum FailureKind {
  /**
   * No broker answered in time, or a transaction was lost with the connection. Its events are
   * processed again by the next thread.
   */
  CONNECTION,
  /** The schema registry did not answer. The events are processed again by the next thread. */
  REGISTRY,
  /** Any other failure. It may not occur again. */
  UNEXPECTED,
  /** A failure that would occur again on a new thread, such as a missing permission. */
  FATAL;

  private static final List<Class<? extends Throwable>> FATAL_TYPES =
      List.of(
          Error.class,
          AuthenticationException.class,
          AuthorizationException.class,
          ConfigException.class,
          FencedInstanceIdException.class,
          InvalidOffsetException.class,
          MissingSourceTopicException.class,
          SchemaRegistryException.class,
          TopologyException.class,
          UnknownLayoutException.class,
          UnsupportedVersionException.class);

  private static final List<Class<? extends Throwable>> CONNECTION_TYPES =
      List.of(
          ApplicationRecoverableException.class,
          CommitFailedException.class,
          InvalidTxnStateException.class,
          OutOfOrderSequenceException.class,
          RetriableException.class,
          TaskCorruptedException.class,
          TaskMigratedException.class,
          TransactionAbortedException.class);

  /** Returns the kind of a failure by its type and those of its causes. */
  public static FailureKind of(Throwable error) {
    if (chain(error).anyMatch(RegistryUnavailableException.class::isInstance)) {
      return REGISTRY;
    }
    if (chain(error).anyMatch(cause -> isAny(FATAL_TYPES, cause))) {
      return FATAL;
    }
    return chain(error).anyMatch(FailureKind::isConnection) ? CONNECTION : UNEXPECTED;
  }

  private static boolean isConnection(Throwable error) {
    // A producer in an error state reports it with no type of its own.
    return isAny(CONNECTION_TYPES, error)
        || error.getClass() == KafkaException.class
        || (error instanceof IllegalStateException && isOfTransaction(error));
  }

  /** Returns whether an error was thrown by the part of a producer that tracks its transaction. */
  private static boolean isOfTransaction(Throwable error) {
    return Stream.of(error.getStackTrace())
        .limit(3)
        .anyMatch(frame -> frame.getClassName().endsWith(".TransactionManager"));
  }

  private static boolean isAny(List<Class<? extends Throwable>> types, Throwable error) {
    return types.stream().anyMatch(type -> type.isInstance(error));
  }

  /** Returns a failure, its cause, the cause of that, and so on. */
  static Stream<Throwable> chain(Throwable error) {
    return Stream.<@Nullable Throwable>iterate(
            error, Objects::nonNull, cause -> Objects.requireNonNull(cause).getCause())
        .map(Objects::requireNonNull);
  }
}
