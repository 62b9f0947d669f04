package io.eddy.e2e;

import static io.eddy.e2e.RunningEddy.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two forecaster processes through 20 version switches over every cell and two sizes, immediate and
 * at an event time, with a rollback, three kills during a switch and a broker restart, followed by
 * {@code eddy verify}.
 */
@Tag("slow")
final class RollingWeightsIT {
  private static final int SERIES = 200;
  private static final int PARTITIONS = 4;
  private static final int SWITCHES = 20;
  private static final Set<Integer> SWITCHES_WITH_A_KILL = Set.of(4, 9, 14);
  private static final int SWITCH_WITH_A_RESTART = 11;
  private static final int ROLLBACK = 17;
  private static final String MODEL = "sensors";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;

  /** Every cell in two sizes, the larger one with a dilated layer and a shorter context. */
  private static final List<byte[]> VERSIONS =
      List.of(
          plain(CellKind.GRU, 1),
          dilated(CellKind.LSTM, 2),
          plain(CellKind.RNN_TANH, 3),
          dilated(CellKind.GRU, 4),
          plain(CellKind.LSTM, 5),
          dilated(CellKind.RNN_TANH, 6));

  @TempDir Path folder;

  private RunningEddy eddy;

  @BeforeEach
  void start() {
    eddy = new RunningEddy(folder, TOPICS, PARTITIONS, MODEL);
  }

  @AfterEach
  void stop() {
    eddy.close();
  }

  @Test
  void exactlyOnceHasNoFaults() throws Exception {
    Run run = run();

    JsonNode report = eddy.verifyConsistent(run.config());

    assertThat(report.get("consistent").asBoolean()).isTrue();
    assertThat(List.of("lost", "duplicated", "unexpected", "different"))
        .allSatisfy(fault -> assertThat(report.get(fault).asLong()).isZero());
    assertThat(List.of("expected", "found", "compared"))
        .allSatisfy(count -> assertThat(report.get(count).asInt()).isEqualTo(run.usable()));
    assertThat(report.get("dropped").asInt()).isEqualTo(run.late());
    assertThat(report.get("deadLettered").asInt()).isEqualTo(run.unreadable());
    assertThat(run.seen())
        .as("forecasts sent, including rolled back ones")
        .isGreaterThan(run.usable());
  }

  /**
   * The events and forecasts of a run.
   *
   * @param usable number of events that produce a forecast
   * @param late number of late events
   * @param unreadable number of unreadable events
   * @param seen number of forecasts sent, committed or not
   */
  private record Run(Path config, int usable, int late, int unreadable, int seen) {}

  private Run run() throws Exception {
    for (byte[] version : VERSIONS) {
      eddy.registry().publisher().publish(MODEL, version);
    }
    eddy.activate(VERSIONS.get(0));
    Map<String, Object> client = eddy.client();
    Path config = config("steady");
    try (EventRounds events = new EventRounds(client, TOPICS.events(), SERIES);
        ForecastCollector forecasts =
            new ForecastCollector(client, TOPICS.forecasts(), PARTITIONS);
        GroupView group = new GroupView(client, "eddy", TOPICS.events());
        ServeProcess steady = eddy.serve("steady", config);
        Victim victim = new Victim(config("victim"), eddy.log("victim"))) {
      Script script = new Script(events, forecasts, group, victim);
      script.play();
      until(() -> group.isDone(PARTITIONS));
      forecasts.poll();
      assertThat(victim.stop()).as(ServeProcess.output(eddy.log("victim"))).isZero();
      assertThat(steady.stop()).as(ServeProcess.output(eddy.log("steady"))).isZero();
      return new Run(config, events.usable(), events.late(), events.unreadable(), forecasts.seen());
    }
  }

  /** The instance that is killed. */
  private static final class Victim implements AutoCloseable {
    private final Path config;
    private final Path log;
    private ServeProcess process;

    Victim(Path config, Path log) throws IOException {
      this.config = config;
      this.log = log;
      process = new ServeProcess(config, log);
    }

    void killAndRestart() throws IOException, InterruptedException {
      process.kill();
      process = new ServeProcess(config, log);
    }

    int stop() throws InterruptedException {
      return process.stop();
    }

    @Override
    public void close() throws InterruptedException {
      process.close();
    }
  }

  /** The sequence of switches and failures. */
  private final class Script {
    private final EventRounds events;
    private final ForecastCollector forecasts;
    private final GroupView group;
    private final Victim victim;

    Script(EventRounds events, ForecastCollector forecasts, GroupView group, Victim victim) {
      this.events = events;
      this.forecasts = forecasts;
      this.group = group;
      this.victim = victim;
    }

    void play() throws Exception {
      until(() -> !group.partitionsOf("victim").isEmpty());
      until(() -> !group.partitionsOf("steady").isEmpty());
      sendAndAwait(25);
      for (int number = 1; number <= SWITCHES; number++) {
        long epoch = activate(number);
        if (SWITCHES_WITH_A_KILL.contains(number)) {
          killInMidSwitch(epoch);
        }
        if (number == SWITCH_WITH_A_RESTART) {
          events.send(3);
          eddy.restartBroker();
        }
        until(
            () -> {
              sendAndAwait(1);
              return forecasts.migratedTo(epoch) == SERIES;
            });
      }
    }

    private long activate(int number) {
      byte[] version = VERSIONS.get((number == ROLLBACK ? number - 2 : number) % VERSIONS.size());
      Long fromMs = number % 3 == 0 ? Long.valueOf(events.middleMs()) : null;
      return eddy.registry()
          .rollout()
          .activate(MODEL, ModelVersion.of(version), fromMs, "switch " + number)
          .epoch();
    }

    /** Kills the victim after a series has migrated and before that is committed. */
    private void killInMidSwitch(long epoch) throws Exception {
      until(
          () -> {
            events.send(1);
            events.flush();
            forecasts.poll();
            Set<Integer> held = group.partitionsOf("victim");
            Map<Integer, Long> committed = group.committed();
            return forecasts.hasNew(
                forecast ->
                    forecast.forecast().origin().served().epoch() == epoch
                        && held.contains(forecast.source().partition())
                        && isOpen(forecast, committed));
          });
      victim.killAndRestart();
    }

    private static boolean isOpen(PublishedForecast forecast, Map<Integer, Long> committed) {
      return forecast.source().offset()
          >= committed.getOrDefault(forecast.source().partition(), 0L);
    }

    private void sendAndAwait(int rounds) throws Exception {
      events.send(rounds);
      events.flush();
      until(
          () -> {
            forecasts.poll();
            return forecasts.answered() == events.usable();
          });
    }
  }

  private Path config(String instance) throws IOException {
    return eddy.config(
        instance,
        Map.of(
            "kafka.client.id",
            instance,
            // Long enough to kill the instance before a commit.
            "kafka.commit.interval.ms",
            "3000"));
  }

  private static byte[] plain(CellKind kind, long seed) {
    return Models.file(Models.specification(kind, 8, 24), seed);
  }

  private static byte[] dilated(CellKind kind, long seed) {
    ModelSpecification specification = Models.specification(kind, 16, 12);
    return Models.file(Models.withLayers(specification, List.of(1, 4), 3), seed);
  }
}
