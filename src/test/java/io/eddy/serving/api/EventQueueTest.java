package io.eddy.serving.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.serving.http.ServerSentEvent;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private final EventQueue queue = new EventQueue();

  @Test
  void discardsOldestForecastsOfASlowClient() throws InterruptedException {
    for (int i = 0; i < EventQueue.CAPACITY + 3; i++) {
      queue.addForecast(event(i));
    }

    assertThat(queue.skipped()).isEqualTo(3);
    for (int i = 3; i < EventQueue.CAPACITY + 3; i++) {
      assertThat(takenId()).isEqualTo("0-" + i);
    }
    assertThat(queue.take(0)).isNull();
  }

  @Test
  void keepsOnlyTheNewestStatusBehindForecasts() throws InterruptedException {
    ServerSentEvent newest = ServerSentEvent.of(null, "status", Map.of());
    queue.setStatus(ServerSentEvent.of(null, "status", Map.of()));
    queue.setStatus(newest);
    queue.addForecast(event(1));

    assertThat(takenId()).isEqualTo("0-1");
    assertThat(queue.take(0)).isSameAs(newest);
    assertThat(queue.take(0)).isNull();
  }

  @Test
  void endsAfterTheQueuedEvents() throws InterruptedException {
    queue.addForecast(event(1));
    queue.close();

    assertThat(queue.isFinished()).isFalse();
    assertThat(takenId()).isEqualTo("0-1");
    assertThat(queue.isFinished()).isTrue();
    assertThat(queue.take(60_000)).isNull();
  }

  @Test
  void wakesAWaitingClient() throws Exception {
    CompletableFuture<String> taken = CompletableFuture.supplyAsync(this::waitForId);

    queue.addForecast(event(7));

    assertThat(taken.get(30, TimeUnit.SECONDS)).isEqualTo("0-7");
  }

  private String waitForId() {
    try {
      return String.valueOf(Objects.requireNonNull(queue.take(60_000)).id());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String takenId() throws InterruptedException {
    return String.valueOf(Objects.requireNonNull(queue.take(0)).id());
  }

  private static ServerSentEvent event(int offset) {
    return ServerSentEvent.of(new EventId(0, offset).toString(), "forecast", Map.of());
  }
}
