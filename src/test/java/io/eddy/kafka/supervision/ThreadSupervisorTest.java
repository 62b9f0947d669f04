package io.eddy.kafka.supervision;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.schema.RegistryUnavailableException;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class ThreadSupervisorTest {
  private final List<Throwable> stops = new ArrayList<>();
  private long nowNs;
  private boolean brokerAnswers = true;
  private boolean registryAnswers = true;
  private Optional<String> problemWhileAwaited = Optional.empty();
  private final ThreadSupervisor supervisor =
      new ThreadSupervisor(3, () -> brokerAnswers, this::awaitRegistry, stops::add, () -> nowNs);

  private boolean awaitRegistry(SchemaRegistrySettings registry) {
    problemWhileAwaited = supervisor.problem();
    return registryAnswers;
  }

  @Test
  void replacesWithinBudgetOnly() {
    IllegalStateException bug = new IllegalStateException("a bug");
    for (int failure = 0; failure < 3; failure++) {
      assertThat(supervisor.handle(bug)).isEqualTo(REPLACE_THREAD);
    }

    assertThat(supervisor.handle(bug)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(stops).containsExactly(bug);
    assertThat(supervisor.replacements()).isEqualTo(3);
  }

  @Test
  void failuresLeaveTheBudgetAfterTheWindow() {
    for (int failure = 0; failure < 20; failure++) {
      assertThat(supervisor.handle(new IllegalStateException())).isEqualTo(REPLACE_THREAD);
      nowNs += Duration.ofMinutes(4).toNanos();
    }
    assertThat(stops).isEmpty();
  }

  @Test
  void outagesUseNoBudget() {
    for (int failure = 0; failure < 20; failure++) {
      assertThat(supervisor.handle(new StreamsException(new TimeoutException("no answer"))))
          .isEqualTo(REPLACE_THREAD);
    }
    assertThat(stops).isEmpty();
  }

  @Test
  void waitsForRegistryWithoutBudget() {
    StreamsException failure = new StreamsException(registryFailure());
    for (int outage = 0; outage < 20; outage++) {
      assertThat(supervisor.handle(failure)).isEqualTo(REPLACE_THREAD);
    }

    assertThat(problemWhileAwaited.orElseThrow())
        .isEqualTo(
            "schema registry http://localhost:1 is unavailable (refused): start it, or check"
                + " schema.registry.url");
    assertThat(stops).isEmpty();
    assertThat(supervisor.replacements()).isEqualTo(20);
  }

  @Test
  void endsWithoutReplacementIfClosedWhileRegistryIsAwaited() {
    registryAnswers = false;

    assertThat(supervisor.handle(registryFailure())).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(stops).isEmpty();
  }

  private static RegistryUnavailableException registryFailure() {
    URI url = URI.create("http://localhost:1");
    return new RegistryUnavailableException(
        new SchemaRegistrySettings(url, null, true, SchemaIdType.CONFLUENT), "refused");
  }

  @Test
  void stopsWithoutReplacementIfClosedDuringOutage() {
    brokerAnswers = false;

    assertThat(supervisor.handle(new TimeoutException("no answer"))).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(stops).isEmpty();
  }

  @Test
  void fatalFailureStopsAtOnce() {
    TopicAuthorizationException denied = new TopicAuthorizationException("denied");

    assertThat(supervisor.handle(denied)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(stops).containsExactly(denied);
  }

  @Test
  void failureOfGlobalThreadStops() throws InterruptedException {
    TimeoutException failure = new TimeoutException("no answer");
    Thread global = new Thread(() -> supervisor.handle(failure), "eddy-1-GlobalStreamThread");
    global.start();
    global.join();

    assertThat(stops).containsExactly(failure);
  }

  @Test
  void reportsReplacementUntilThreadsRun() {
    assertThat(supervisor.problem()).isEmpty();

    supervisor.handle(new IllegalStateException());

    assertThat(supervisor.problem()).hasValue("a stream thread failed and is being replaced");
    supervisor.running();
    assertThat(supervisor.problem()).isEmpty();
  }
}
