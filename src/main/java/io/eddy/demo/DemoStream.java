package io.eddy.demo;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventPacer;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.series.Observation;
import io.eddy.serving.ForecasterServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs the forecaster, publishes events and enters events and forecasts into the ledger. */
final class DemoStream implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration POLL_PERIOD = Duration.ofMillis(20);
  private static final Duration TRAINING_POLL_PERIOD = Duration.ofMillis(50);

  private final Console console;
  private final StopSignal stop;
  private final ForecastLedger ledger;
  private final Forecaster forecaster;
  private final ForecastListener listener;
  private final EventPublisher publisher;

  /** Creates the clients of the stream, and shows the forecaster on a server. */
  DemoStream(EddyConfig config, ForecasterServer server, ForecastLedger ledger, Terminal terminal) {
    StreamSettings settings = config.stream();
    Map<String, Object> client = config.client();
    console = terminal.console();
    stop = terminal.stop();
    this.ledger = ledger;
    forecaster = new Forecaster(settings, config.deployment());
    server.serve(forecaster);
    listener = new ForecastListener(client, settings.topics().forecasts(), ledger::received);
    publisher = new EventPublisher(client, settings.events(), settings.topics().events());
  }

  /** Output and the request to stop. */
  record Terminal(Console console, StopSignal stop) {}

  void start() {
    forecaster.start();
  }

  /**
   * Publishes events until a stop is requested.
   *
   * @param perSecond events per second; 0 for no limit
   */
  void publish(List<Observation> events, double perSecond) {
    EventPacer pacer = new EventPacer(perSecond, 0);
    try (ProgressBar progress = new ProgressBar(console.err(), "events")) {
      int done = 0;
      for (Observation event : events) {
        if (stop.isRequested()) {
          break;
        }
        pacer.await(event.timestampMs());
        publish(event);
        done++;
        progress.show(
            done, events.size(), String.format(Locale.ROOT, "%,d forecasts", ledger.forecasts()));
      }
    }
    publisher.flush();
  }

  private void publish(Observation event) {
    ledger.sending(event);
    publisher.send(
        event,
        (sentNs, metadata) ->
            ledger.sent(
                new SourcePosition(metadata.topic(), metadata.partition(), metadata.offset()),
                sentNs));
  }

  /** Waits until every event has its forecast, or no forecast arrives for {@link #TIMEOUT}. */
  void awaitForecasts() {
    long lastCount = -1;
    long lastChangeNs = System.nanoTime();
    while (ledger.missing() > 0) {
      forecaster.requireAlive();
      if (ledger.forecasts() != lastCount) {
        lastCount = ledger.forecasts();
        lastChangeNs = System.nanoTime();
      } else if (System.nanoTime() - lastChangeNs > timeout().toNanos()) {
        return;
      }
      LockSupport.parkNanos(POLL_PERIOD.toNanos());
    }
  }

  private Duration timeout() {
    return stop.isRequested() ? STOP_TIMEOUT : TIMEOUT;
  }

  /** Waits for a result while the forecaster is alive; returns null if a stop is requested. */
  <T> @Nullable T await(CompletableFuture<T> result) {
    while (!result.isDone()) {
      forecaster.requireAlive();
      if (stop.await(TRAINING_POLL_PERIOD.toMillis())) {
        return null;
      }
    }
    return stop.isRequested() ? null : result.join();
  }

  /** Waits until a stop is requested, while the forecaster is alive. */
  void awaitStop(Duration pollPeriod) {
    while (!stop.await(pollPeriod.toMillis())) {
      forecaster.requireAlive();
    }
  }

  @Override
  public void close() {
    publisher.close();
    listener.close();
    forecaster.close();
  }
}
